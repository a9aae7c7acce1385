"""Runs an action only for users with a role in an organization: gate.py USER ORGANIZATION"""

import json, os, sys, time, urllib.error, urllib.parse, urllib.request

URL = os.environ.get("MEETVO_URL", "http://127.0.0.1:8080")
ATTEMPTS = 3


class Denied(Exception):
    """The user may not use the feature."""


def check(**query):
    """Asks the service, and repeats the request if the service is overloaded or restarts."""
    url = f"{URL}/v1/memberships/check?{urllib.parse.urlencode(query)}"
    headers = {"Authorization": f"Bearer {os.environ['MEETVO_API_KEY']}"}
    for attempt in range(1, ATTEMPTS + 1):
        delay = 1.0
        try:
            with urllib.request.urlopen(urllib.request.Request(url, None, headers), timeout=5) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or attempt == ATTEMPTS:
                raise Denied(f"cannot check the membership: {error.code}") from error
            delay = float(error.headers.get("retry-after", 1))
        except OSError as error:
            if attempt == ATTEMPTS:
                raise Denied(f"cannot check the membership: {error}") from error
        time.sleep(delay)


def export_members(user_id, organization_id):
    """Returns the export, which is a feature for administrators. Any error denies the access."""
    answer = check(user_id=user_id, organization_id=organization_id, role="org:admin")
    if not answer["allowed"]:
        raise Denied(f"denied: {answer['reason']}")
    return f"members of {organization_id}"


if __name__ == "__main__":
    # In an application, take the user from a verified session token, and take the organization to
    # which the data belongs.
    try:
        print(export_members(*sys.argv[1:3]))
    except Denied as denied:
        sys.exit(print(denied) or 1)
