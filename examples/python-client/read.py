"""Reads users and a membership with the generated client."""

import os
import sys
from collections.abc import Iterator

from meetvo_client import AuthenticatedClient
from meetvo_client.api.organizations import check_membership
from meetvo_client.api.users import get_user, list_user_memberships, list_users
from meetvo_client.models import Membership, MembershipCheck, Problem, User, UserList
from meetvo_client.types import UNSET


def users(client: AuthenticatedClient) -> Iterator[User]:
    """Yields all users, page by page."""
    cursor: str | None = None
    while True:
        page = list_users.sync(client=client, limit=10, cursor=cursor or UNSET)
        if not isinstance(page, UserList):
            raise SystemExit(f"cannot list users: {page}")
        yield from page.data
        cursor = page.next_cursor
        if cursor is None:
            return


def membership(client: AuthenticatedClient, user: User) -> Membership | None:
    """Returns the first membership of a user."""
    page = list_user_memberships.sync(user.id, client=client, limit=1)
    if page is None or isinstance(page, Problem):
        raise SystemExit(f"cannot list memberships: {page}")
    return next(iter(page.data), None)


def main() -> None:
    url = os.environ.get("MEETVO_URL", "http://127.0.0.1:8080")
    with AuthenticatedClient(base_url=url, token=os.environ["MEETVO_API_KEY"]) as client:
        found = list(users(client))
        print(f"{len(found)} users")
        user = get_user.sync(found[0].id, client=client)
        if not isinstance(user, User):
            raise SystemExit(f"cannot read the user: {user}")
        print(f"first: {user.id} {user.email}")
        member = next(filter(None, (membership(client, user) for user in found)), None)
        if member is None:
            sys.exit("no user has a membership")
        for role in (member.role or "", "org:none"):
            check = check_membership.sync(
                client=client,
                user_id=member.user_id,
                organization_id=member.organization_id,
                role=role,
            )
            if isinstance(check, MembershipCheck):
                print(f"{member.user_id} {role}: {check.allowed} ({check.reason.value})")
        missing = get_user.sync("user_unknown", client=client)
        if isinstance(missing, Problem):
            print(f"user_unknown: {missing.status} {missing.code}")


if __name__ == "__main__":
    main()
