// Client of the service's API. The browser adds the cookie with the session, which scripts cannot
// read. The header proves that a script of the dashboard sends the request, because pages of other
// origins cannot set it.

const ROOT = new URL('../', document.baseURI)
const HEADERS = { 'x-meetvo-dashboard': '1' }

/** Error response of the API, read from its problem document. Status 0 means no response. */
export class ApiError extends Error {
  constructor(status, { code = 'unknown', detail = '', request_id: requestId = null }) {
    super(detail)
    Object.assign(this, { status, code, requestId })
  }
}

/** Returns the URL of an API path. Query parameters without a value are left out, and those with an
    array are repeated. */
export function apiUrl(path, query = {}) {
  const url = new URL(path.map(encodeURIComponent).join('/'), ROOT)
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat())
      if (value !== undefined && value !== null && value !== '')
        url.searchParams.append(name, value)
  return url
}

/** Sends a request, with a body in JSON if there is one, and returns the response. Throws an
    `ApiError` if the request fails. */
export async function send(method, url, { headers = {}, body, signal } = {}) {
  const json = body && { 'content-type': 'application/json' }
  const options = {
    method,
    headers: { ...HEADERS, ...json, ...headers },
    body: body && JSON.stringify(body),
    signal,
    credentials: 'same-origin',
  }
  const response = await fetch(url, options).catch((error) => {
    if (signal?.aborted) throw error
    throw new ApiError(0, {
      code: 'unreachable',
      detail: 'The service does not respond. Check that it is running and that your network is up.',
    })
  })
  if (response.ok) return response
  const problem = await response
    .json()
    .catch(() => ({ detail: `The service responded with status ${response.status}.` }))
  // The sign-in form sends `authorization` and shows the error itself.
  if (response.status === 401 && !headers.authorization)
    document.dispatchEvent(new Event('signed-out'))
  throw new ApiError(response.status, problem)
}

/** Returns the JSON of a `GET` request below `/v1`. */
export const get = async (path, query, signal) =>
  (await send('GET', apiUrl(['v1', ...path], query), { signal })).json()

/** Returns the JSON of a `POST` request below `/v1`. The `exact` parameters are sent even if they
    are empty. */
export async function post(path, query, exact = {}) {
  const url = apiUrl(['v1', ...path], query)
  for (const [name, value] of Object.entries(exact)) url.searchParams.set(name, value)
  return (await send('POST', url)).json()
}

/** Starts a session with an API key with the scope `admin`. */
export const signIn = (key) =>
  send('POST', apiUrl(['dashboard', 'session']), { headers: { authorization: `Bearer ${key}` } })

/** Ends the session. */
export const signOut = () => send('DELETE', apiUrl(['dashboard', 'session']))
