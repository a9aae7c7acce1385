//! The program `meetvo`; everything it does is in [`meetvo::cli`].

fn main() -> std::process::ExitCode {
    meetvo::cli::run()
}
