"""Signed-in users and roles in a FastAPI application."""

import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse

URL = os.environ.get("MEETVO_URL", "http://127.0.0.1:8080")
KEY = os.environ["MEETVO_API_KEY"]

User = dict[str, Any]
log = logging.getLogger("uvicorn.error")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    # The longest call waits 3 s for a new user.
    async with httpx.AsyncClient(base_url=URL, timeout=10) as client:
        app.state.meetvo = client
        yield


app = FastAPI(lifespan=lifespan)


def caller_credentials(request: Request) -> dict[str, str]:
    """Returns the header `Authorization` of the caller, or Clerk's session cookies."""
    if authorization := request.headers.get("authorization"):
        return {"authorization": authorization}
    cookies = request.cookies.items()
    session = [f"{name}={value}" for name, value in cookies if name.startswith("__session")]
    return {"cookie": "; ".join(session)} if session else {}


async def attach_user(request: Request) -> User | None:
    """Returns the user of the session token, which the service verifies, or None."""
    headers = caller_credentials(request)
    if not headers:
        return None
    client: httpx.AsyncClient = request.app.state.meetvo
    response = await client.get("/v1/me", params={"wait": "3s"}, headers=headers)
    if response.status_code == 401:
        request.state.problem = response.json()["code"]
        return None
    user: User = response.raise_for_status().json()
    return user


AttachedUser = Annotated[User | None, Depends(attach_user)]


def require_user(request: Request, user: AttachedUser) -> User:
    """Rejects requests without a valid session token."""
    if user is None:
        raise HTTPException(401, getattr(request.state, "problem", "credentials_missing"))
    return user


SignedInUser = Annotated[User, Depends(require_user)]


async def read(request: Request, path: str, **params: str) -> Any:
    """Reads JSON with the API key."""
    client: httpx.AsyncClient = request.app.state.meetvo
    headers = {"authorization": f"Bearer {KEY}"}
    return (await client.get(path, params=params, headers=headers)).raise_for_status().json()


def require_role(role: str) -> Callable[..., Awaitable[None]]:
    """Returns a dependency that rejects users without the role in the organization of the path."""

    async def check(request: Request, organization_id: str, user: SignedInUser) -> None:
        query = {"user_id": user["id"], "organization_id": organization_id, "role": role}
        result = await read(request, "/v1/memberships/check", **query)
        if not result["allowed"]:
            raise HTTPException(403, result["reason"])

    return check


@app.exception_handler(httpx.HTTPError)
async def unavailable(request: Request, error: httpx.HTTPError) -> JSONResponse:
    """Responds with 503 if a call to the service fails, so that no page is shown."""
    log.error("%s: %s", request.url.path, error)
    return JSONResponse({"detail": "Please try again later."}, 503)


@app.get("/", response_class=PlainTextResponse)
async def home(user: AttachedUser) -> str:
    return f"Hello, {user['first_name'] or user['id']}!" if user else "Please sign in."


@app.get("/me")
async def me(user: SignedInUser) -> User:
    return user


@app.get(
    "/organizations/{organization_id}/settings",
    dependencies=[Depends(require_role("org:admin"))],
)
async def settings(request: Request, organization_id: str) -> dict[str, Any]:
    organization = await read(request, f"/v1/organizations/{organization_id}")
    # Up to 500 members. To read more, repeat the request with `next_cursor` as `cursor`.
    page = await read(request, f"/v1/organizations/{organization_id}/memberships", limit="500")
    members = [{"email": it["user"]["email"], "role": it["role"]} for it in page["data"]]
    return {"name": organization["name"], "members": members}
