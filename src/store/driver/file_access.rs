//! Checks whether this process can write to a file, and names the command that changes it.
//!
//! In a container without a shell, the command has to run outside of it.

use std::{
    fmt::{self, Display},
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::Path,
    process,
};

use rustix::{
    fs::{Access, AtFlags, CWD, accessat},
    io::Errno,
    process::geteuid,
};

use super::Unusable;

/// Folders of the system, whose owner must not change.
const SYSTEM_FOLDERS: [&str; 14] = [
    "/", "/boot", "/dev", "/etc", "/home", "/lib", "/opt", "/proc", "/root", "/run", "/sys",
    "/tmp", "/usr", "/var",
];

/// Files that Docker and Podman create in a container.
const CONTAINER_FILES: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// Checks that this process has a right to a file or folder, which `kind` names.
pub(super) fn check_access(path: &Path, kind: &str, access: Access) -> Result<(), Unusable> {
    let Err(cause) = accessat(CWD, path, access, AtFlags::EACCESS) else { return Ok(()) };
    let denied = Denied {
        path,
        kind,
        cause,
        user: geteuid().as_raw(),
        owner: fs::metadata(path).ok().map(|it| Owner::of(&it)),
        is_in_container: is_in_container(),
    };
    Err(Unusable::new(denied.to_string(), denied.remediation()))
}

/// Returns whether this process runs in a container. Kubernetes creates no file, but the first
/// process of any container has the ID 1.
fn is_in_container() -> bool {
    process::id() == 1 || CONTAINER_FILES.iter().any(|file| Path::new(file).exists())
}

/// Owner and mode of a file or folder.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
    mode: u32,
}

impl Owner {
    fn of(metadata: &Metadata) -> Self {
        Self { user: metadata.uid(), group: metadata.gid(), mode: metadata.mode() & 0o7777 }
    }
}

/// A file or folder that this process cannot write to.
struct Denied<'a> {
    path: &'a Path,
    kind: &'a str,
    cause: Errno,
    user: u32,
    owner: Option<Owner>,
    is_in_container: bool,
}

impl Display for Denied<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, user, cause, .. } = self;
        let path = self.path.display();
        if *cause == Errno::ROFS {
            return write!(f, "the {kind} {path} is on a read-only file system");
        }
        write!(f, "the user {user} cannot write to the {kind} {path}")?;
        if let Some(Owner { user, group, mode }) = self.owner {
            write!(f, " (owner {user}:{group}, mode {mode:04o})")?;
        }
        write!(f, ": {cause}")
    }
}

impl Denied<'_> {
    fn remediation(&self) -> String {
        let elsewhere = match self.is_in_container {
            true => "set DATABASE_URL to a file in a volume",
            false => "set DATABASE_URL to a file elsewhere",
        };
        if SYSTEM_FOLDERS.iter().any(|folder| self.path == Path::new(folder)) {
            return elsewhere.to_owned();
        }
        if self.cause == Errno::ROFS {
            return match self.is_in_container {
                true => format!(
                    "mount a volume at {} with write access, or {elsewhere}",
                    self.folder().display()
                ),
                false => format!("mount it with write access, or {elsewhere}"),
            };
        }
        let Some(command) = self.command() else { return self.policy(elsewhere) };
        match self.is_in_container {
            true => self.outside(&command),
            false => format!("run `{command}`, or {elsewhere}"),
        }
    }

    /// Returns the command that gives this user the right, or nothing if owner and mode do.
    fn command(&self) -> Option<String> {
        let path = self.path.display();
        match self.owner {
            Some(owner) if owner.user == self.user && self.is_writable_for(owner) => None,
            Some(owner) if owner.user == self.user => Some(format!("chmod u+rwX {path}")),
            _ => Some(format!("chown {} {path}", self.user)),
        }
    }

    fn is_writable_for(&self, owner: Owner) -> bool {
        let needed = if self.is_folder() { 0o300 } else { 0o600 };
        owner.mode & needed == needed
    }

    fn is_folder(&self) -> bool {
        self.kind == "folder"
    }

    /// Returns the folder of the database, at which a volume can be mounted.
    fn folder(&self) -> &Path {
        if self.is_folder() { self.path } else { self.path.parent().unwrap_or(self.path) }
    }

    /// Returns what to do if the mode permits the access, but a rule of the system does not.
    fn policy(&self, elsewhere: &str) -> String {
        match self.is_in_container {
            true => format!(
                "add the option `Z` to the mount of {}, which labels it for SELinux, or {elsewhere}",
                self.folder().display()
            ),
            false => format!("check the rules of SELinux or AppArmor, or {elsewhere}"),
        }
    }

    /// Returns how to run a command on the volume of this container. The other container shares
    /// the mapping of users, so that the IDs are the same with rootless engines too.
    fn outside(&self, command: &str) -> String {
        let folder = self.folder().display();
        let other = self.owner.filter(|it| it.user != 0 && it.user != self.user);
        let other = other.filter(|it| self.is_writable_for(*it)).map_or_else(
            String::new,
            |Owner { user, group, .. }| {
                let kind = self.kind;
                format!(
                    ", or start the container with `--user {user}:{group}`, which owns the {kind}"
                )
            },
        );
        format!(
            "run `docker run --rm --user 0 --volume VOLUME:{folder} debian {command}` with the \
             name of the volume or the folder of the host as VOLUME, or on Kubernetes set \
             `fsGroup: {}` in the securityContext of the pod{other}",
            self.user
        )
    }
}

#[cfg(test)]
mod tests;
