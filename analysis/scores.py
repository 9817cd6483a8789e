"""The recommend score of one group of respondents, with its uncertainty. Pure arithmetic."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal, get_args

from data.records import Scale

Band = Literal["promoters", "passives", "detractors"]
BANDS: tuple[Band, ...] = get_args(Band)

_Z = NormalDist().inv_cdf(0.975)
# An interval of length 2 halved this often is shorter than the spacing of floats near 1.
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class RecommendScore:
    """Counts of respondents; `value` and its 95 % limits `low` and `high` as shares on [-1, 1]."""

    n: int
    promoters: int
    passives: int
    detractors: int
    value: float
    low: float
    high: float


def label(scale: Scale) -> str:
    """What a score on `scale` may be called: "NPS" stands for 0-10 only."""
    return "NPS" if (scale.minimum, scale.maximum) == (0, 10) else f"recommend score ({scale})"


def band(score: int, scale: Scale) -> Band:
    """The band of one score: 9-10 promoters, 7-8 passives, below that detractors.

    Bands as in Reichheld, "The One Number You Need to Grow", Harvard Business Review 81(12), 2003.
    Raises ValueError for a score outside `scale` and for a scale that does not end at 10.
    """
    if scale.maximum != 10:
        raise ValueError(f"bands are only defined for scales that end at 10, not for {scale}")
    if score not in scale:
        raise ValueError(f"a score lies outside its scale {scale}")
    if score >= 9:
        return "promoters"
    return "passives" if score >= 7 else "detractors"


def recommend_score(promoters: int, passives: int, detractors: int) -> RecommendScore:
    """Share of promoters minus share of detractors, with a 95 % score interval.

    The interval is Tango's for a difference of paired proportions, Statistics in Medicine 17 (1998)
    891-908, which Rocks, The American Statistician 70 (2016) 365-372, applies to this score. It keeps
    close to 95 % from n = 5 on and stays inside [-1, 1], also where all respondents share one band.
    Arguments count respondents. Raises ValueError for a negative count or no respondent at all.
    """
    n = promoters + passives + detractors
    if min(promoters, passives, detractors) < 0 or n == 0:
        raise ValueError("a recommend score needs at least one respondent, and no negative counts")
    low, high = (_limit(promoters, detractors, n, end) for end in (-1.0, 1.0))
    return RecommendScore(n, promoters, passives, detractors, (promoters - detractors) / n, low, high)


def _limit(promoters: int, detractors: int, n: int, end: float) -> float:
    """The difference furthest towards `end` that a two-sided 5 % score test does not reject."""
    accepted, rejected = (promoters - detractors) / n, end
    for _ in range(_HALVINGS):
        middle = (accepted + rejected) / 2
        if _accepts(middle, promoters, detractors, n):
            accepted = middle
        else:
            rejected = middle
    return accepted


def _accepts(difference: float, promoters: int, detractors: int, n: int) -> bool:
    """Whether the score test keeps the hypothesis that promoters minus detractors is `difference`."""
    share = _detractor_share(difference, promoters, detractors, n)
    variance = (2 * share + difference * (1 - difference)) / n
    return ((promoters - detractors) / n - difference) ** 2 <= _Z**2 * variance


def _detractor_share(difference: float, promoters: int, detractors: int, n: int) -> float:
    """The likeliest share of detractors given the difference: the larger root of Tango's quadratic."""
    a = 2 * n
    b = (2 * n - promoters + detractors) * difference - promoters - detractors
    c = -detractors * difference * (1 - difference)
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    # The textbook form would subtract two nearly equal numbers where b is positive.
    return -2 * c / (b + root) if b > 0 else (root - b) / (2 * a)
