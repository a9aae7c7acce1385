/** Runs once when the server starts. */
export async function register(): Promise<void> {
  // The edge runtime has no file system, so the bundler leaves this block out there.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { sendWelcomeMails } = await import("./lib/welcome-mail");
    void keepRunning(sendWelcomeMails);
  }
}

/** Runs a task, and starts it again 5 s after an error, for example of the mail provider. */
async function keepRunning(task: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      console.error(error);
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
  }
}
