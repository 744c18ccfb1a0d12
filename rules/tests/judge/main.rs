//! The rules over facts made by hand: what each says of one spawn or signal, and when it is silent.

mod bare_shim;
mod breakaway_no_fallback;
mod facts;
mod fixes;
mod messages;
mod no_breakaway;
mod pid_probe;
mod posix_only_detach;
mod shims;
