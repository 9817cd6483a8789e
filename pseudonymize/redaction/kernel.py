"""The names that spaCy's own recogniser finds, several times faster.

A numpy version of inference with `spacy.TransitionBasedParser.v2` (state_type "ner") over its own
hash embedding and maxout window encoder. Sources of what is computed, in spaCy 3.8 and thinc 8.3:
spacy/ml/models/tok2vec.py (the layers), spacy/ml/parser_model.pyx (the scores of a state),
spacy/pipeline/_parser_internals/ner.pyx (which action is allowed when).

Why it is faster:

- a text that comes twice is read once, and what the embedding gives for a word is remembered;
- the window layers take two tokens at a time, which saves a third of the multiplications;
- outside of an entity the best action of a token does not depend on the actions before it, so that
  all tokens are decided at once, and only the insides of entities one token after the other.

The scores differ from spaCy's in the last bits of a float32, for sums are added up in another order.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import repeat
from typing import Any, NoReturn, cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import intify_attr
from spacy.language import Language
from spacy.tokens import Doc

from pseudonymize.redaction.kernel_shape import checked_ner

Flags = npt.NDArray[np.bool_]
Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

#: Tokens whose vectors are held at once; a single longer text is held whole, about 500 bytes a token.
_CHUNK = 16_384
#: Rows that go through the layers together, so few that they stay in the caches of a processor.
_BLOCK = 768
#: Words whose vectors are remembered, 400 bytes each; over that, all are forgotten.
_MOST_WORDS = 200_000
#: New words that spaCy is to keep, with their lexemes, more than a kilobyte each.
_MOST_KEPT = 40_000
#: Words whose split into tokens spaCy's tokenizer remembers. Its own 10,000 are full after a few answers.
_MOST_SPLITS = 100_000
#: What thinc's LayerNorm adds to a variance.
_EPSILON = np.float32(1e-8)


class FastNer:
    """Finds the entities that the `ner` component of a pipeline finds. Not to be shared between threads.

    `nlp` gives its tokenizer, whose cache is made larger, and the weights of its `ner`, which is not
    used afterwards. `reluctance` is added to the score of "no entity", in the units of the scores:
    0.0 finds what spaCy finds, less than 0 finds more names. It remembers words, and is not pickled.

    Raises DetectorUnavailable for any other architecture than the one above.
    """

    def __init__(self, nlp: Language, reluctance: float = 0.0) -> None:
        ner = checked_ner(nlp)
        self._tokenizer = tokenizer = cast(Any, nlp.tokenizer)
        tokenizer.max_cache_size = max(tokenizer.max_cache_size, _MOST_SPLITS)
        self._most_kept = len(tokenizer.vocab) + _MOST_KEPT
        tok2vec, _, linear = ner.model.get_ref("tok2vec").layers
        self._words = _Words(tok2vec.layers[0])
        self._encoder = _Encoder(tok2vec.layers[1].layers[0])
        self._decoder = _Decoder(ner, linear, self._encoder.shift, reluctance)

    def entities(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """For each text, in order: first character, character behind the last, label of each entity."""
        distinct, vocab = dict.fromkeys(texts), self._tokenizer.vocab
        # spaCy keeps every word it has ever seen, but for those seen in a zone; there it is slower.
        with vocab.memory_zone() if len(vocab) > self._most_kept else nullcontext():
            found = (spans for docs in self._chunks(distinct) for spans in self._chunk(docs))
            known = dict(zip(distinct, found, strict=True))
        return [list(known[text]) for text in texts]

    def __reduce__(self) -> NoReturn:
        raise TypeError("the words that a recogniser remembers are personal data and are not pickled")

    def _chunks(self, texts: Iterable[str]) -> Iterator[list[Doc]]:
        docs: list[Doc] = []
        room = _CHUNK
        for text in texts:
            docs.append(self._tokenizer(text))
            room -= len(docs[-1])
            if room <= 0:
                yield docs
                docs, room = [], _CHUNK
        yield docs

    def _chunk(self, docs: list[Doc]) -> list[list[tuple[int, int, str]]]:
        found: list[list[tuple[int, int, str]]] = [[] for _ in docs]
        plan = _Plan([len(doc) for doc in docs], self._encoder.depth)
        if not plan.tokens.size:
            return found
        plan.words[plan.tokens], plan.blank[plan.tokens] = self._words.rows(docs)
        vectors = self._encoder.encode(self._words.table, plan.words)
        for number, first, behind, label in self._decoder.entities(vectors, plan):
            span = docs[number][first:behind]
            found[number].append((span.start_char, span.end_char, label))
        return found


class _Plan:
    """Where the tokens of a chunk of documents stand in one array of rows, with empty rows between them.

    There are as many of these as layers, so that no layer sees from one document into the next.
    `words` holds rows of the table of words, `blank` says where no word is, `last` where a document ends.
    """

    def __init__(self, tokens: list[int], gap: int) -> None:
        lengths = np.array(tokens, dtype=np.int64)
        before = np.cumsum(lengths) - lengths
        self.starts: Ints = before + gap * np.arange(1, len(lengths) + 1)
        self.stops: Ints = self.starts + lengths
        self.tokens: Ints = np.repeat(self.starts - before, lengths) + np.arange(lengths.sum())
        rows = len(self.tokens) + gap * (len(lengths) + 1)
        self.words: Ints = np.zeros(rows + rows % 2, dtype=np.int64)
        self.blank: Flags = np.ones(len(self.words), dtype=np.bool_)
        self.last: Flags = np.zeros(len(self.words), dtype=np.bool_)
        self.last[self.stops[lengths > 0] - 1] = True


class _Words:
    """The embedding: one vector for each distinct set of the attributes that it reads, which it remembers.

    `table` has shape (words, width); its row 0 is zero and stands for no token.
    """

    _index: dict[int, int]
    _size: int
    table: Floats

    def __init__(self, embed: Any) -> None:
        self._hashed = embed.layers[2]
        maxout, norm = embed.layers[3].layers[0].layers[0].layers
        self._weight, self._bias = _by_piece(maxout)
        self._gain, self._shift = norm.get_param("G"), norm.get_param("b")
        self._columns = [intify_attr(name) for name in (*embed.layers[0].attrs["columns"], "IS_SPACE")]
        # Odd factors mix the hashes of a word's attributes into one of 64 bits.
        self._mix: Keys = np.random.default_rng(0).integers(1, 2**63, len(self._columns), np.uint64) * 2 + 1
        self._forget()

    def rows(self, docs: list[Doc]) -> tuple[Ints, Flags]:
        """Row of the table, and whether it is white space, for all tokens of the documents."""
        if len(self._index) > _MOST_WORDS:
            self._forget()
        features: Keys = np.concatenate([doc.to_array(self._columns) for doc in docs])
        keys: Keys = features @ self._mix
        rows = np.fromiter(map(self._index.get, keys.tolist(), repeat(-1)), dtype=np.int64)
        missing = np.flatnonzero(rows < 0)
        if missing.size:
            rows[missing] = self._learn(features[missing], keys[missing])
        return rows, features[:, -1].astype(np.bool_)

    def _learn(self, features: Keys, keys: Keys) -> Ints:
        new, at, back = np.unique(keys, return_index=True, return_inverse=True)
        start, self._size = self._size, self._size + len(new)
        if self._size > len(self.table):
            old, self.table = self.table, np.zeros((2 * self._size, len(self._gain)), dtype=np.float32)
            self.table[:start] = old[:start]
        for a in range(0, len(new), _BLOCK):
            part = at[a : a + _BLOCK]
            self.table[start + a : start + a + len(part)] = self._embed(features[part])
        self._index.update(zip(new.tolist(), range(start, self._size), strict=True))
        return np.add(back, start)

    def _embed(self, features: Keys) -> Floats:
        hashed = self._hashed.predict(np.ascontiguousarray(features[:, :-1]))
        best: Floats = np.empty((len(features), len(self._gain)), dtype=np.float32)
        _normalized(hashed @ self._weight + self._bias, self._gain, best)
        best += self._shift
        return best

    def _forget(self) -> None:
        self._index, self._size = {}, 1
        self.table = np.zeros((1024, len(self._gain)), dtype=np.float32)


class _Encoder:
    """The window layers: vectors of tokens, from the vectors of words around them.

    The shift that a LayerNorm adds is put into the biases behind it instead of the rows; `shift` is the
    sum (width,), to be put into the bias of whatever reads the vectors.
    """

    def __init__(self, layers: Any) -> None:
        #: Weight (4, width, pieces * width), bias (pieces * width,), gain (width,).
        self._layers: list[tuple[Floats, Floats, Floats]] = []
        self.shift = np.zeros(layers.get_dim("nO"))
        for residual in layers.layers:
            maxout, norm = residual.layers[0].layers[1].layers[0].layers
            weight, bias = _by_piece(maxout)
            bias = (bias + np.tile(self.shift, 3) @ weight).astype(np.float32)
            self._layers.append((_for_pairs(weight), bias, norm.get_param("G")))
            self.shift = self.shift + norm.get_param("b")
        self.depth = len(self._layers)
        _, width, wide = self._layers[0][0].shape
        self._sums = np.empty((2 * _BLOCK, width), dtype=np.float32)
        self._wide = np.empty((2 * _BLOCK, wide), dtype=np.float32)
        self._best = np.empty((_BLOCK, width), dtype=np.float32)

    def encode(self, table: Floats, words: Ints) -> Floats:
        """Vectors (rows, width) of an even number of words, given as rows of the table."""
        out = np.empty((len(words), table.shape[1]), dtype=np.float32)
        edge = self.depth + self.depth % 2
        for start in range(0, len(words), _BLOCK - 2 * edge):
            stop = min(len(words), start + _BLOCK - 2 * edge)
            low = max(0, start - edge)
            rows = self._through(table[words[low : stop + edge]])
            out[start:stop] = rows[start - low : stop - low]
        return out

    def _through(self, rows: Floats) -> Floats:
        """All layers, in place. `depth` rows at either end come out wrong, for want of neighbours."""
        half = len(rows) // 2 - 1
        for weight, bias, gain in self._layers:
            best = self._best[: 2 * half]
            _normalized(self._windows(rows, half, weight, bias), gain, best)
            rows[1:-1:2] += best[:half]
            rows[2::2] += best[half:]
        return rows

    def _windows(self, rows: Floats, half: int, weight: Floats, bias: Floats) -> Floats:
        """The pieces of all windows: first those around the rows 1, 3, 5 and so on, then the others.

        Two neighbours share four multiplications instead of six: Winograd's F(2, 3), in Lavin and Gray, 2015.
        """
        sums = self._sums[: 4 * half].reshape(4, half, -1)
        a, b, c, d = rows[:-2:2], rows[1:-1:2], rows[2::2], rows[3::2]
        np.subtract(a, c, out=sums[0])
        np.add(b, c, out=sums[1])
        np.subtract(c, b, out=sums[2])
        np.subtract(b, d, out=sums[3])
        odd, even, other, rest = wide = self._wide[: 4 * half].reshape(4, half, -1)
        np.matmul(sums, weight, out=wide)
        even += bias
        odd += even
        odd += other
        even -= other
        even -= rest
        return self._wide[: 2 * half]


class _Decoder:
    """The transition system: which action each token gets, and the entities that these make."""

    def __init__(self, ner: Any, linear: Any, shift: Doubles, reluctance: float) -> None:
        lower, upper = ner.model.get_ref("lower"), ner.model.get_ref("upper")
        self._outer, self._open = _state_weights(lower, linear, shift)
        names = [ner.moves.get_class_name(i) for i in range(ner.moves.n_moves)]
        weight, bias = upper.get_param("W"), upper.get_param("b").copy()
        bias[names.index("O")] += reluctance
        # "U-" is for tokens that may not be in an entity, which nobody can say here.
        chosen = [i for i, name in enumerate(names) if name[0] in "BUO" and name != "U-"]
        self._weight, self._bias = np.ascontiguousarray(weight[chosen].T), bias[chosen]
        self._none = [names[i] for i in chosen].index("O")
        self._begins = np.array([names[i].startswith("B-") for i in chosen])
        self._units = np.array([names[i].startswith("U-") for i in chosen])
        self._labels = [names[i][2:] for i in chosen]
        into, last = ([names.index(move + x) if x else 0 for x in self._labels] for move in ("I-", "L-"))
        self._stay = weight[into] - weight[last], bias[into] - bias[last]

    def entities(self, vectors: Floats, plan: _Plan) -> Iterator[tuple[int, int, int, str]]:
        """Number of the document, first token, token behind the last, label: of all entities, in order."""
        action = self._actions(vectors, plan)
        first, behind = self._follow(vectors, action, plan)
        units = np.flatnonzero(self._units[action])
        # A token within an entity that began before it had no say.
        before = np.searchsorted(first, units, side="right")
        units = units[np.append(0, behind)[before] <= units]
        # None overlap, so that the ends stay with their beginnings.
        first, behind = np.sort(np.append(first, units)), np.sort(np.append(behind, units + 1))
        number = np.searchsorted(plan.starts, first, side="right") - 1
        start = plan.starts[number]
        labels = [self._labels[i] for i in action[first].tolist()]
        return zip(number.tolist(), (first - start).tolist(), (behind - start).tolist(), labels, strict=True)

    def _actions(self, vectors: Floats, plan: _Plan) -> Ints:
        """For each row the best action outside of an entity, as a column of the scores."""
        action = np.empty(len(vectors), dtype=np.int64)
        for start in range(0, len(vectors), _BLOCK):
            block = slice(start, start + _BLOCK)
            scores = _hidden(vectors[block], *self._outer) @ self._weight
            scores += self._bias
            # No entity of several tokens begins at the last one.
            scores[np.ix_(plan.last[block], self._begins)] = -np.inf
            action[block] = scores.argmax(axis=1)
        # None begins at white space.
        action[plan.blank] = self._none
        return action

    def _follow(self, vectors: Floats, action: Ints, plan: _Plan) -> tuple[Ints, Ints]:
        """First rows and rows behind the last of the entities of several tokens, all documents at a time."""
        begins = np.append(np.flatnonzero(self._begins[action]), len(vectors))
        firsts, behinds = [begins[:0]], [begins[:0]]
        first, stop = begins[np.searchsorted(begins, plan.starts)], plan.stops
        row = first + 1
        while (on := first < stop).any():
            first, row, stop = first[on], row[on], stop[on]
            ends = (row + 1 == stop) | ~self._stays(vectors, action, first, row)
            firsts.append(first[ends])
            behinds.append(row[ends] + 1)
            first[ends] = row[ends] = begins[np.searchsorted(begins, row[ends] + 1)]
            row += 1
        return np.sort(np.concatenate(firsts)), np.sort(np.concatenate(behinds))

    def _stays(self, vectors: Floats, action: Ints, first: Ints, row: Ints) -> Flags:
        """Whether "inside" scores no less than "last" for the row; of equals, spaCy takes the first."""
        state = np.concatenate([vectors[row], vectors[first], vectors[row - 1]], axis=1)
        weight, bias = (values[action[first]] for values in self._stay)
        inside: Flags = np.einsum("ij,ij->i", _hidden(state, *self._open), weight) + bias >= 0
        return inside


def _normalized(pieces: Floats, gain: Floats, out: Floats) -> None:
    """Maxout of the pieces (rows, pieces * width), one after the other, then LayerNorm without its shift."""
    width = out.shape[1]
    np.maximum(pieces[:, :width], pieces[:, width : 2 * width], out=out)
    for start in range(2 * width, pieces.shape[1], width):
        np.maximum(out, pieces[:, start : start + width], out=out)
    out -= (out @ np.full(width, 1 / width, dtype=np.float32))[:, None]
    variance = np.einsum("ij,ij->i", out, out) / width + _EPSILON
    out *= (1 / np.sqrt(variance))[:, None]
    out *= gain


def _hidden(state: Floats, weight: Floats, bias: Floats) -> Floats:
    """The hidden layer of states (n, hidden): what their slots add up to, then maxout over two pieces."""
    total = state @ weight + bias
    half = total.shape[1] // 2
    best: Floats = np.maximum(total[:, :half], total[:, half:])
    return best


def _by_piece(maxout: Any) -> tuple[Floats, Floats]:
    """Weight (inputs, pieces * width) and bias (pieces * width,) of a Maxout, piece after piece."""
    weight, bias = maxout.get_param("W"), maxout.get_param("b")
    flat = weight.transpose(2, 1, 0).reshape(weight.shape[2], -1)
    return np.ascontiguousarray(flat), bias.T.reshape(-1).copy()


def _for_pairs(weight: Floats) -> Floats:
    """The weights of the left, the middle and the right row, as two windows at a time need them."""
    left, middle, right = np.split(weight.astype(np.float64), 3)
    both = left + right
    return np.stack([left, (both + middle) / 2, (both - middle) / 2, right]).astype(np.float32)


def _state_weights(lower: Any, linear: Any, shift: Doubles) -> tuple[tuple[Floats, Floats], ...]:
    """Weight and bias of the hidden layer, without an open entity (reads one row), and with one (three).

    The three slots of a state are the next token, the first token of the open entity, and the token
    before the next one; without an open entity a learnt vector stands for the second and the third.
    The linear layer between the vectors and the slots is multiplied in.
    """
    slots = lower.get_param("W").astype(np.float64).transpose(0, 2, 1, 3)
    slots = slots.reshape(len(slots), -1, slots.shape[-1])
    weight = (slots @ linear.get_param("W")).transpose(0, 2, 1)
    given = slots @ linear.get_param("b") + shift @ weight
    absent = lower.get_param("pad")[0].transpose(0, 2, 1).reshape(given.shape)
    bias = lower.get_param("b").T.reshape(-1)
    outer = bias + given[0] + absent[1] + absent[2]
    within = np.concatenate(weight), bias + given.sum(axis=0)
    single = [values.astype(np.float32, order="C") for values in (weight[0], outer, *within)]
    return (single[0], single[1]), (single[2], single[3])
