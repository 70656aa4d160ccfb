"""Remove a person from the program: `python person_leaves.py grace@example.com user-grace`, in its folder.

It changes the files only. `pulumi preview` then shows what `pulumi up` will do.
"""

import json
import re
import sys
from pathlib import Path


def main(email: str, user_id: str) -> None:
    """Remove the person from people.json, and from the members of projects and groups."""
    people = Path("people.json")
    kept = {one: person for one, person in json.loads(people.read_text(encoding="utf-8")).items() if one != email}
    people.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    for path in [Path("organization.py"), *Path("projects").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        changed = without(text, email, user_id)
        if changed != text:
            print(f"{path} named {email} or {user_id}")
            path.write_text(changed, encoding="utf-8")


def without(text: str, email: str, user_id: str) -> str:
    """The text without the entries that name the person: of `ProjectMembers`, of `TeamProject`, and of lists of ids."""
    entry = rf'{{"email": "{re.escape(email)}", "role": "\w+"}}'
    return re.sub(rf'\s*(?:{entry}|"{re.escape(email)}": "\w+"|"{re.escape(user_id)}"),?', "", text)


if __name__ == "__main__":
    main(*sys.argv[1:])
