//! Random changes of users, sessions, organizations, memberships and invitations.

use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{
    domain::{Millis, version::Version},
    objects::{
        AnyState, Kind, ObjectData, State,
        event::{Change, Deletion},
        invitation::InvitationData,
        membership::MembershipData,
        organization::OrganizationData,
        session::{Session, SessionData, SessionDetails, SignIn, is_terminal},
        user::{Account, Profile, User, UserData, Verification, fields::CREDENTIAL},
    },
};

/// Generates changes from few IDs and few instants, so that version ties, reordered states and
/// states after a deletion are common.
pub(super) fn changes() -> impl Strategy<Value = Vec<Change>> {
    vec(seed(), 1..24).prop_map(|seeds| {
        seeds.into_iter().enumerate().map(|(index, seed)| seed.change(index)).collect()
    })
}

#[derive(Clone, Debug)]
struct Seed {
    kind: u8,
    /// Numbers of the user, the organization and the object itself.
    ids: [u8; 3],
    updated_at: Option<Millis>,
    occurred_at: Option<Millis>,
    session_status: &'static str,
    invitation_status: &'static str,
    embeds: bool,
    is_complete: bool,
    has_sign_in: bool,
    /// Each bit stands for a field that the state lacks.
    lacking: u8,
}

fn seed() -> impl Strategy<Value = Seed> {
    let ids = (0..3_u8, 0..2_u8, 0..2_u8).prop_map(|(user, org, own)| [user, org, own]);
    let session = select(vec!["active", "active", "pending", "ended", "revoked", "suspended"]);
    let invitation = select(vec!["pending", "pending", "accepted", "revoked", "new"]);
    let times = (option::of(0..4_i64), option::of(0..4_i64));
    (0..17_u8, ids, times, session, invitation, any::<[bool; 3]>(), any::<u8>()).prop_map(
        |(kind, ids, (updated_at, occurred_at), session, invitation, flags, lacking)| Seed {
            kind,
            ids,
            updated_at,
            occurred_at,
            session_status: session,
            invitation_status: invitation,
            embeds: flags[0],
            is_complete: flags[1],
            has_sign_in: flags[2],
            // Half of the states are whole.
            lacking: if lacking < 128 { 0 } else { lacking },
        },
    )
}

impl Seed {
    fn change(&self, index: usize) -> Change {
        // The byte order of the IDs differs from the order of creation. It mixes cases, as Svix
        // does.
        let event = format!("msg_{}{index}", if index.is_multiple_of(3) { 'z' } else { 'A' });
        let version = Version::complete(self.updated_at, self.occurred_at, &event);
        let [user, organization, own] = self.ids;
        let user_id = format!("user_{user}");
        let organization_id = format!("org_{organization}");
        // The owners of an object never change.
        let membership_id = format!("orgmem_{organization}_{user}_{own}");
        let at = self.occurred_at.unwrap_or_default();
        let delete = |kind, id: &str| Change::Deletion(Deletion::new(kind, id, at));
        let embedded_version = match self.is_complete {
            true => version.clone(),
            false => Version::incomplete(self.occurred_at, &event),
        };
        match self.kind {
            0 => delete(Kind::User, &user_id),
            1 => delete(Kind::Organization, &organization_id),
            2 => delete(Kind::Membership, &membership_id),
            3..6 => AnyState::from(self.user(&user_id, &event, version)).into(),
            6..9 => AnyState::from(self.organization(&organization_id, &event, version)).into(),
            9..13 => {
                let embedded = self.user(&user_id, &event, embedded_version);
                let session = self.session(&user_id, &event, version);
                let embedded = self.embeds.then(|| embedded.into());
                Change::State { state: session.into(), embedded: embedded.into_iter().collect() }
            }
            13..16 => {
                let embedded = self.organization(&organization_id, &event, embedded_version);
                let whole = MembershipData {
                    organization_id,
                    user_id,
                    role: Some(event.clone()),
                    private_metadata: Some(event.into()),
                    ..MembershipData::default()
                };
                let bits = ["role", "private_metadata"];
                let membership = self.lacking(&membership_id, &whole, &bits, version);
                let embedded = self.embeds.then(|| embedded.into());
                Change::State { state: membership.into(), embedded: embedded.into_iter().collect() }
            }
            _ => {
                let status = self.invitation_status;
                let is_final = matches!(status, "accepted" | "revoked");
                let id = format!("orginv_{organization}_{own}");
                let whole = InvitationData {
                    organization_id,
                    status: Some(status.to_owned()),
                    email: Some(event),
                    ..InvitationData::default()
                };
                let version = version.with_final_status(is_final);
                AnyState::from(self.lacking(&id, &whole, &["email"], version)).into()
            }
        }
    }

    /// Returns a state that lacks those of the fields whose bit is set.
    fn lacking<T: ObjectData>(
        &self,
        id: &str,
        whole: &T,
        bits: &[&str],
        version: Version,
    ) -> State<T> {
        let mut state: State<T> = State { id: id.to_owned(), version, ..State::default() };
        for field in T::fields() {
            let bit = bits.iter().position(|it| *it == field);
            match bit.filter(|bit| self.lacking & (1 << bit) != 0) {
                Some(_) => drop(state.field_versions.insert(field, Version::default())),
                None => state.data.copy_field(field, whole),
            }
        }
        state
    }

    fn organization(&self, id: &str, event: &str, version: Version) -> State<OrganizationData> {
        let whole = OrganizationData {
            name: Some(event.to_owned()),
            slug: Some(event.to_owned()),
            private_metadata: Some(event.into()),
            ..OrganizationData::default()
        };
        self.lacking(id, &whole, &["name", "slug", "private_metadata"], version)
    }

    fn session(&self, user_id: &str, event: &str, version: Version) -> Session {
        let sign_in = self.has_sign_in.then(|| SignIn {
            ip_address: Some(event.to_owned()),
            user_agent: None,
            version: version.clone(),
        });
        let details = SessionDetails {
            user_id: user_id.to_owned(),
            status: self.session_status.to_owned(),
            client_id: Some(event.to_owned()),
            ..SessionDetails::default()
        };
        let version = version.with_final_status(is_terminal(&details.status));
        let whole = SessionData { details, sign_in: None };
        let id = format!("sess_{user_id}_{}", self.ids[2]);
        let mut session = self.lacking(&id, &whole, &["client_id"], version);
        session.data.sign_in = sign_in;
        session
    }

    /// Returns a user of whom every value is the ID of the event.
    fn user(&self, user_id: &str, event: &str, version: Version) -> User {
        let text = || Some(event.to_owned());
        let profile = Profile {
            first_name: text(),
            username: text(),
            email: text(),
            private_metadata: Some(event.into()),
            ..Profile::default()
        };
        let account = |id: &str| (id.to_owned(), Account { scope: text(), ..Account::default() });
        let verification = |kind: &'static str, id: String| {
            let status = text();
            let item = Verification {
                id: id.clone(),
                kind: kind.into(),
                status,
                ..Verification::default()
            };
            (id, item)
        };
        let whole = UserData {
            profile,
            accounts: [account(CREDENTIAL), account(&format!("eac_{event}"))].into(),
            verifications: [
                verification("email", format!("idn_{event}")),
                verification("email", "idn_1".to_owned()),
                verification("external_account", format!("eac_{event}")),
            ]
            .into(),
        };
        let bits = [
            "first_name",
            "username",
            "email",
            "private_metadata",
            "password_enabled",
            "email_addresses",
            "external_accounts",
        ];
        self.lacking(user_id, &whole, &bits, version)
    }
}
