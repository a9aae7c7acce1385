// The service's API. The browser adds the cookie that holds the key, which no script can read; the header
// says that a script of this page asks, and no other site's page can add it.

const ROOT = new URL('../', document.baseURI)
const HEADERS = { 'x-meetvo-dashboard': '1' }

/** What a problem document says. */
export class Refusal extends Error {
  constructor(status, { code = 'unknown', detail = '', request_id: request = null }) {
    super(detail)
    Object.assign(this, { status, code, request })
  }
}

/** Where a path of the API is. A parameter that is nothing is left out. */
export function address(path, query = {}) {
  const url = new URL(path.map(encodeURIComponent).join('/'), ROOT)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.append(name, value)
  }
  return url
}

/** Asks, and answers with the response, if it is good. */
export async function ask(method, url, { headers = {}, signal } = {}) {
  const request = { method, headers: { ...HEADERS, ...headers }, signal, credentials: 'same-origin' }
  const response = await fetch(url, request).catch((error) => {
    if (signal?.aborted) throw error
    throw new Refusal(0, {
      code: 'unreachable',
      detail: 'The service does not answer. Is it running, and is the network there?',
    })
  })
  if (response.ok) return response
  const problem = await response.json().catch(() => ({ detail: `The answer is ${response.status}.` }))
  // Whoever comes with a key that is not good is told so where they stand.
  if (response.status === 401 && !headers.authorization) document.dispatchEvent(new Event('signed-out'))
  throw new Refusal(response.status, problem)
}

/** Reads something below `/v1`. */
export const get = async (path, query, signal) =>
  (await ask('GET', address(['v1', ...path], query), { signal })).json()

/** Has something done below `/v1`. */
export const post = async (path, query) => (await ask('POST', address(['v1', ...path], query))).json()

/** Changes the key for the cookie, if it is one that may look at events. */
export const signIn = (key) =>
  ask('POST', address(['dashboard', 'session']), { headers: { authorization: `Bearer ${key}` } })

/** Takes the cookie back. */
export const signOut = () => ask('DELETE', address(['dashboard', 'session']))
