//! The program `meetvo`; everything it does is in [`meetvo::cli`].

/// Commits allocate much and keep little; this allocator gives it back without asking the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    meetvo::cli::run()
}
