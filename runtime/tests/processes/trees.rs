//! Ending a process with its descendants.

use std::io;

use footgun_runtime::{is_alive, kill_tree, spawn_detached};

use crate::common::{background_actor, folder_of_beats, is_beating, wait_for_beats};

#[test]
fn a_process_ends_with_its_descendants_and_nobody_else() {
    let (family, neighbours) = (folder_of_beats(), folder_of_beats());
    let start = |folder: &tempfile::TempDir| {
        let mut command = background_actor("tree");
        let root = spawn_detached(command.arg("2").arg(folder.path())).expect("a process");
        for generation in ["0", "1", "2"] {
            wait_for_beats(&folder.path().join(generation));
        }
        root
    };
    let (mut root, _neighbour) = (start(&family), start(&neighbours));

    kill_tree(root.pid()).expect("the root may be ended");
    let status = root.child().wait().expect("its end");
    assert!(!status.success());
    for generation in ["0", "1", "2"] {
        assert!(
            !is_beating(&family.path().join(generation)),
            "{generation} lives"
        );
        assert!(
            is_beating(&neighbours.path().join(generation)),
            "{generation} of the others"
        );
    }
}

#[test]
fn the_root_may_have_no_descendants() {
    let folder = folder_of_beats();
    let mut command = background_actor("beat");
    command.arg(folder.path().join("alone"));
    let mut alone = spawn_detached(&mut command).expect("a process");
    kill_tree(alone.pid()).expect("it may be ended");
    alone.child().wait().expect("its end");
    assert!(!is_alive(alone.pid()));
    assert!(kill_tree(alone.pid()).is_err());
}

#[test]
fn descendants_may_outlive_their_root() {
    let folder = folder_of_beats();
    let file = folder.path().join("orphan");
    let mut command = background_actor("leave");
    let mut root = spawn_detached(command.arg(&file)).expect("a process");
    wait_for_beats(&file);
    assert!(root.child().wait().expect("its end").success());
    assert!(is_beating(&file));
    kill_tree(root.pid()).expect("the descendant may be ended");
    assert!(!is_beating(&file));
}

#[test]
fn numbers_that_stand_for_many_are_refused() {
    for pid in [0, 1, -1, -4242, 1_i64 << 33] {
        let refused = kill_tree(pid).expect_err("nobody ends");
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{pid}");
    }
}
