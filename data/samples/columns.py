"""The columns of the export, and an export row under way."""

RESPONSE_ID = "Response ID"
RESPONDENT_ID = "Respondent ID"
COMPLETED = "Completed"
MODIFIED = "Last Modified"
CYCLE = "Survey Cycle"
LANGUAGE = "Language"
EMAIL = "Email"
CRM = "CRM Contact ID"
SCORE = "How likely are you to recommend Sectra to a colleague? (1-10)"
TEXT = "What is the main reason for your score?"

HEADER = (
    RESPONSE_ID,
    RESPONDENT_ID,
    COMPLETED,
    MODIFIED,
    CYCLE,
    LANGUAGE,
    "First Name",
    "Last Name",
    EMAIL,
    "Job Title",
    "Organisation",
    "Country",
    CRM,
    SCORE,
    TEXT,
    "IP Address",
    "Operating System",
    "Browser",
)
TIME_PATTERN = "%Y-%m-%d %H:%M:%S"

Row = dict[str, str]
