//! Tests of the remediations for files that cannot be written.

use std::path::Path;

use rustix::io::Errno;

use super::{Denied, Owner};

const VOLUME: &str = "/var/lib/meetvo";

/// The user of the image.
const USER: u32 = 65_532;

/// Returns the folder of the volume with this owner, as a container sees it.
fn volume(owner: u32, mode: u32) -> Denied<'static> {
    Denied {
        path: Path::new(VOLUME),
        kind: "folder",
        cause: Errno::ACCESS,
        user: USER,
        owner: Some(Owner { user: owner, group: owner, mode }),
        is_in_container: true,
    }
}

/// Returns the same folder, as a process outside of a container sees it.
fn folder(owner: u32, mode: u32) -> Denied<'static> {
    Denied { is_in_container: false, ..volume(owner, mode) }
}

#[test]
fn problem_names_user_owner_and_mode() {
    let problem = volume(0, 0o755).to_string();
    let expected = "the user 65532 cannot write to the folder /var/lib/meetvo \
                    (owner 0:0, mode 0755): ";
    assert!(problem.starts_with(expected), "{problem}");
}

#[test]
fn command_outside_containers_is_direct() {
    let chown = "run `chown 65532 /var/lib/meetvo`, or set DATABASE_URL to a file elsewhere";
    assert_eq!(folder(0, 0o755).remediation(), chown);
    assert_eq!(folder(1_000, 0o700).remediation(), chown);
    assert_eq!(Denied { owner: None, ..folder(0, 0) }.remediation(), chown);
}

/// A new owner is of no use to the user that already owns the folder.
#[test]
fn owner_changes_the_mode() {
    let chmod = "run `chmod u+rwX /var/lib/meetvo`, or set DATABASE_URL to a file elsewhere";
    assert_eq!(folder(USER, 0o555).remediation(), chmod);
    let inside = volume(USER, 0o555).remediation();
    assert!(inside.contains(" debian chmod u+rwX /var/lib/meetvo`"), "{inside}");
    assert!(!inside.contains("--user 65532"), "{inside}");
}

#[test]
fn command_for_volume_runs_outside() {
    assert_eq!(
        volume(0, 0o755).remediation(),
        "run `docker run --rm --user 0 --volume VOLUME:/var/lib/meetvo debian chown 65532 \
         /var/lib/meetvo` with the name of the volume or the folder of the host as VOLUME, or on \
         Kubernetes set `fsGroup: 65532` in the securityContext of the pod"
    );
    let file = Path::new("/var/lib/meetvo/meetvo.db");
    let text = Denied { path: file, kind: "file", ..volume(0, 0o644) }.remediation();
    let command = "VOLUME:/var/lib/meetvo debian chown 65532 /var/lib/meetvo/meetvo.db`";
    assert!(text.contains(command), "{text}");
}

#[test]
fn user_of_the_container_can_change() {
    let offered = ", or start the container with `--user 1000:1000`, which owns the folder";
    let text = volume(1_000, 0o755).remediation();
    assert!(text.ends_with(offered), "{text}");
    // Root is not offered, and neither is an owner that cannot write.
    for (owner, mode) in [(0, 0o755), (1_000, 0o555)] {
        let text = volume(owner, mode).remediation();
        assert!(!text.contains("start the container"), "{text}");
    }
}

#[test]
fn sufficient_mode_points_to_policy() {
    let inside = volume(USER, 0o700).remediation();
    assert!(inside.starts_with("add the option `Z` to the mount of /var/lib/meetvo,"), "{inside}");
    let outside = folder(USER, 0o700).remediation();
    assert!(outside.starts_with("check the rules of SELinux or AppArmor, or "), "{outside}");
}

#[test]
fn read_only_volume_is_mounted_writable() {
    let read_only = Denied { cause: Errno::ROFS, ..volume(USER, 0o700) };
    let problem = "the folder /var/lib/meetvo is on a read-only file system";
    assert_eq!(read_only.to_string(), problem);
    let text = "mount a volume at /var/lib/meetvo with write access, or set DATABASE_URL to a \
                file in a volume";
    assert_eq!(read_only.remediation(), text);
    let outside = Denied { is_in_container: false, ..read_only };
    let text = "mount it with write access, or set DATABASE_URL to a file elsewhere";
    assert_eq!(outside.remediation(), text);
}

#[test]
fn system_folders_keep_owner_and_mount() {
    for cause in [Errno::ACCESS, Errno::ROFS] {
        let inside = Denied { path: Path::new("/var"), cause, ..volume(0, 0o755) };
        assert_eq!(inside.remediation(), "set DATABASE_URL to a file in a volume");
        let outside = Denied { is_in_container: false, ..inside };
        assert_eq!(outside.remediation(), "set DATABASE_URL to a file elsewhere");
    }
}
