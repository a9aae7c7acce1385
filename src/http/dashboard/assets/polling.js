// Repeated work that pauses while the page is hidden, so that a background tab sends no requests.

/** Delay in milliseconds that collects several calls of a coalesced function. */
const COALESCE_DELAY = 200

/** Runs `work` immediately, at an interval in milliseconds, and when the page becomes visible. The
    returned function starts an extra run, or requests one more run after the current one. */
export function poll(signal, interval, work) {
  let [isRunning, isRequested] = [false, false]
  const run = async () => {
    isRequested = isRunning
    if (isRunning || document.hidden || signal.aborted) return
    isRunning = true
    await work()
    isRunning = false
    if (isRequested) run()
  }
  const timer = setInterval(run, interval)
  document.addEventListener('visibilitychange', run, { signal })
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  run()
  return run
}

/** Returns a function that runs `work` after a delay, one time for all calls during the delay. */
export function coalesce(work) {
  let timer = null
  return () => {
    timer ??= setTimeout(() => {
      timer = null
      work()
    }, COALESCE_DELAY)
  }
}

/** Runs `work` whenever the page becomes visible. Its signal aborts when the page is hidden. */
export function whileVisible(signal, work) {
  let controller = null
  const restart = () => {
    controller?.abort()
    controller = null
    if (document.hidden || signal.aborted) return
    controller = new AbortController()
    work(controller.signal)
  }
  document.addEventListener('visibilitychange', restart, { signal })
  signal.addEventListener('abort', () => controller?.abort(), { once: true })
  restart()
}
