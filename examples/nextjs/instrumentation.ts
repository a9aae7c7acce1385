import { MeetvoError } from "@meetvo/client";

/** Runs once when the server starts. */
export async function register(): Promise<void> {
  // The edge runtime has no file system, so the bundler leaves this block out there.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { followSignUps } = await import("./lib/welcome-mail");
    void keepRunning(followSignUps);
  }
}

/** Runs a task, and starts it again 5 s after an error that can pass, for example of the mail provider. */
async function keepRunning(task: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      console.error(error);
      // After 410, events were removed before they were read: decide which users get a mail.
      if (error instanceof MeetvoError && error.status < 500 && error.status !== 429) return;
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
  }
}
