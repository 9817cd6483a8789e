"""Every error that Tillit raises on purpose, with the exit code the command line gives for it.

TillitError                      1  anything unforeseen
├── UsageError                   2  the command, a mapping or a setting is written wrongly
├── InputRefused                 3  an export cannot be taken in as it is
│   └── TooManyBadRows           3  more rows quarantined than the policy allows
├── PolicyForbids                4  the policy, a missing key or a missing detector does not let it pass
│   ├── PolicyInvalid            4  a policy file is written wrongly, or leaves something undecided
│   ├── KeyUnavailable           4  a key is missing, or is not the one the data was sealed with
│   └── DetectorUnavailable      4  the recogniser of personal data cannot be loaded
├── OutsideSystemFailed          5  a disk, a database, a vendor or a CRM did not do its part
│   ├── HomeUnusable             5  the home folder cannot be written to, or is full
│   └── HomeBusy                 5  another run holds the home
├── VerificationFailed           6  something read back is not what it should be
└── Unforeseen                   1  an exception nobody planned for, stripped of its message

Messages carry files, row numbers, clause ids and counts, never a value from an answer: they end in
terminals, logs and orchestrators. `hint` says what to do.
"""


class TillitError(Exception):
    """Base of all errors; `exit_code` is the safe channel where logs cannot be read."""

    exit_code = 1
    usual_hint = "see the documentation in docs/"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint or self.usual_hint


class UsageError(TillitError):
    """The command, a mapping or a setting is written wrongly."""

    exit_code = 2
    usual_hint = "see `tillit COMMAND --help`"


class InputRefused(TillitError):
    """An export cannot be taken in as it is; nothing of it was written."""

    exit_code = 3
    usual_hint = "nothing was taken in; correct the export or its mapping, and look with --dry-run"


class TooManyBadRows(InputRefused):
    """More rows would go to quarantine than the policy allows; nothing was written."""


class PolicyForbids(TillitError):
    """Something needed to keep a promise is missing or says no."""

    exit_code = 4
    usual_hint = "see `tillit policy explain`"


class PolicyInvalid(PolicyForbids):
    """A policy file is written wrongly, or leaves something undecided: nothing may run under it."""

    usual_hint = "see docs/policies.md"


class KeyUnavailable(PolicyForbids):
    """A key is missing, or is not the one the data was sealed with."""

    usual_hint = "put the key-encryption key back that this home was made with"


class DetectorUnavailable(PolicyForbids):
    """The recogniser of personal data cannot be loaded; no free text may pass."""


class OutsideSystemFailed(TillitError):
    """A disk, a database, a vendor or a CRM did not do its part."""

    exit_code = 5
    usual_hint = "nothing half-written can be seen; try again when it answers"


class HomeUnusable(OutsideSystemFailed):
    """The home folder cannot be written to, or the disk is full."""


class HomeBusy(OutsideSystemFailed):
    """Another run holds the home."""


class VerificationFailed(TillitError):
    """Something read back is not what it should be."""

    exit_code = 6
    usual_hint = "keep everything as it is, and compare it with a backup"


class Unforeseen(TillitError):
    """An exception nobody planned for, stripped of its message, which could hold a value."""
