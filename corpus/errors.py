"""The exceptions of the library: each message says what was wrong, where, and what to do."""


class JianbaoError(Exception):
    """Base of all errors that a user can mend."""


class InputError(JianbaoError):
    """An input cannot be read: a wrong path, no article in a folder, no permission."""


class OutputError(JianbaoError):
    """An output folder or table cannot be written or read back."""


class DataError(JianbaoError):
    """A file of the project or of the user (lexicon, gold, table) breaks its format; names file and line."""


def one_line(error: Exception) -> str:
    """What an error of a library says, on one line of bounded length; its name where it says nothing."""
    return " ".join(str(error).split())[:160] or type(error).__name__
