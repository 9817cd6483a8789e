"""What the policy says of special categories, applied to a redacted text. Pure."""

from data.records import RedactedText
from governance.policy import Policy
from pseudonymize.redact import withheld
from pseudonymize.special import special_categories

_REASON = "special"
#: What stands in the place of a comment that is withheld for what it tells.
SPECIAL = f"<WITHHELD:{_REASON}>"


def screened(comment: RedactedText, policy: Policy) -> tuple[RedactedText, frozenset[str]]:
    """What may be kept of a comment, and the special categories of which it told."""
    categories = special_categories(comment.text)
    if categories & policy.special_categories.withheld:
        comment = withheld(_REASON, comment.language, comment.redactor)
    return comment, categories
