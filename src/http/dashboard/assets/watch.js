// Doing something again and again, for as long as somebody looks: a page in the background asks for nothing.

/** How long a burst is waited for. */
const BURST = 200

/** Runs `work` now, every so many milliseconds, and when the page is looked at again. What it answers with runs it
    at once, or once more where it runs already. */
export function every(signal, millis, work) {
  let [runs, again] = [false, false]
  const run = async () => {
    again = runs
    if (runs || document.hidden || signal.aborted) return
    runs = true
    await work()
    runs = false
    if (again) run()
  }
  const timer = setInterval(run, millis)
  document.addEventListener('visibilitychange', run, { signal })
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  run()
  return run
}

/** Runs `work` soon after it is asked to, and once for all that ask until then. */
export function shortly(work) {
  let timer = null
  return () => {
    timer ??= setTimeout(() => {
      timer = null
      work()
    }, BURST)
  }
}

/** Runs `work` with a signal of its own while the page is looked at. */
export function whileSeen(signal, work) {
  let own = null
  const turn = () => {
    own?.abort()
    own = null
    if (document.hidden || signal.aborted) return
    own = new AbortController()
    work(own.signal)
  }
  document.addEventListener('visibilitychange', turn, { signal })
  signal.addEventListener('abort', () => own?.abort(), { once: true })
  turn()
}
