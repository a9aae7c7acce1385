/** Runs once when the server starts. */
export async function register(): Promise<void> {
  // The bundler leaves the block out for the edge runtime, which has no files.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { sendWelcomeMails } = await import("./lib/welcome-mail");
    void keepRunning(sendWelcomeMails);
  }
}

/** Starts a task again after an error, for example of the mail provider. */
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
