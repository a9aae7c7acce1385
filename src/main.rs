//! The program `meetvo`. The commands are in [`meetvo::cli`].

/// Global allocator. Commits make many short-lived allocations; mimalloc reuses their memory
/// without system calls.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    meetvo::cli::run()
}
