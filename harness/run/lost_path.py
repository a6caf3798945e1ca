"""A request for a path that nobody serves: which one was probably meant, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.model.spelling import nearest


@dataclass(frozen=True)
class Meant:
    """What is wrong with a path, in words, and the path that was probably meant; both empty where nobody can tell."""

    wrong: str = ""
    path: str = ""


def path_of(url: str) -> str:
    """The path of a URL."""
    return urlsplit(url).path or "/"


def fits(path: str, templates: Sequence[str]) -> bool:
    """There is something at this path, whatever the method."""
    return any(_fits(path.split("/"), one.split("/")) for one in templates)


def meant(path: str, templates: Sequence[str]) -> Meant:
    """What `path` was probably meant to be, given the templates of all paths that there are."""
    tidied = "/" + "/".join(one for one in path.split("/") if one)
    if fits(tidied, templates):
        return Meant("it ends in a slash" if path.endswith("/") else "it has a slash too many", tidied)
    for one in templates:
        if (found := _with_another_base(tidied, one)) is not None:
            return found
    whole = [one for one in templates if "{" not in one]
    near = nearest(tidied, whole) or next((one for one in whole if tidied != "/" and _overlap(tidied, one)), None)
    if near is not None:
        return Meant("it is not quite the path", near)
    return Meant()


def _with_another_base(path: str, template: str) -> Meant | None:
    """The same below another base: what stands before the collection (``/locations``) is not ours."""
    fixed = template.partition("/{")[0]
    base, _, collection = fixed.rpartition("/")
    parts, wanted = path.split("/"), template[len(base) :].split("/")
    if "{" not in template:
        return None
    for at in range(len(parts) - 1, 0, -1):
        if parts[at].lower() != collection.lower() or len(parts) - at != len(wanted) - 1:
            continue
        given = "/".join(parts[:at])
        right = "/".join([base, collection, *parts[at + 1 :]])
        if given == base:
            return Meant(f"it says {parts[at]} for {collection}", right)
        if base and given == base * 2:
            return Meant(f"it has the base path {base} twice", right)
        if not given:
            return Meant(f"the base path {base} is missing", right)
        return Meant(f"its base path is {given}, not {base or '/'}", right)
    return None


def _overlap(path: str, whole: str) -> bool:
    """One holds the other: a part was left out, or stands there twice."""
    return path in whole or whole in path


def _fits(parts: Sequence[str], template: Sequence[str]) -> bool:
    return len(parts) == len(template) and all(
        one != "" if wanted.startswith("{") else one == wanted for one, wanted in zip(parts, template, strict=True)
    )
