"""The owner: made once, with the credentials that the home keeps, and a workspace to push to."""

from argilla_server.contexts import accounts
from argilla_server.database import AsyncSessionLocal
from argilla_server.enums import UserRole
from argilla_server.models import User, Workspace, WorkspaceUser
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fc_distilabel.argilla_server.home import (
    RESET,
    Credentials,
    Home,
    kept_credentials,
    make_credentials,
)
from fc_distilabel.errors import InputError

WORKSPACE = "argilla"


async def settle_owner(home: Home, renew: bool) -> tuple[Credentials, str]:
    """The owner's credentials, and what there is to say about them.

    Raises `InputError` where the database has users and the home does not know the owner's.
    """
    async with AsyncSessionLocal() as session:
        if renew:
            return await _renewed(session, home)
        kept = kept_credentials(home)
        if await _has_users(session):
            return await _known(session, home, kept)
        made = kept or make_credentials(home)
        await _create(session, made)
    return made, _told("owner made", made, home)


async def _known(
    session: AsyncSession, home: Home, kept: Credentials | None
) -> tuple[Credentials, str]:
    if kept is None:
        raise InputError(
            f"the database has users, and {str(home.credentials)!r} is missing: put it back, "
            f"or {RESET} makes new ones for the owner"
        )
    user = await accounts.get_user_by_api_key(session, kept.api_key)
    if user is None or not user.is_owner:
        raise InputError(
            f"the API key in {str(home.credentials)!r} is not that of an owner in this database: "
            f"put the right file back, or {RESET} makes new ones for the owner"
        )
    if user.username != kept.username or not accounts.verify_password(
        kept.password, user.password_hash
    ):
        return kept, f"note: name or password in {str(home.credentials)!r} is an old one"
    return kept, ""


async def _has_users(session: AsyncSession) -> bool:
    return await session.scalar(select(User.id).limit(1)) is not None


async def _create(session: AsyncSession, credentials: Credentials) -> None:
    workspace = await Workspace.get_by(session, name=WORKSPACE)
    if workspace is None:
        workspace = await Workspace.create(session, name=WORKSPACE, autocommit=False)
    user = await User.create(
        session,
        first_name=credentials.username,
        username=credentials.username,
        role=UserRole.owner,
        api_key=credentials.api_key,
        password_hash=accounts.hash_password(credentials.password),
        autocommit=False,
    )
    await session.flush()
    await WorkspaceUser.create(
        session, workspace_id=workspace.id, user_id=user.id, autocommit=False
    )
    await session.commit()


async def _renewed(session: AsyncSession, home: Home) -> tuple[Credentials, str]:
    """The first owner with another password and key; the old ones open nothing any more."""
    owners = select(User).where(User.role == UserRole.owner).order_by(User.inserted_at)
    owner = await session.scalar(owners.limit(1))
    if owner is None:
        made = make_credentials(home)
        await _create(session, made)
        return made, _told("owner made", made, home)
    made = make_credentials(home, owner.username)
    await owner.update(
        session, api_key=made.api_key, password_hash=accounts.hash_password(made.password)
    )
    return made, _told("owner has new credentials", made, home)


def _told(what: str, credentials: Credentials, home: Home) -> str:
    return (
        f"{what}: user {credentials.username}, password {credentials.password}, "
        f"API key {credentials.api_key}; kept in {str(home.credentials)!r}"
    )
