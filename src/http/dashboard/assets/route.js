// Routes of the views. A route is the fragment of the URL, so all views share one HTML page.

/** Returns the link to a view: `linkTo(['users'], { query: 'ada' })` → `#/users?query=ada`. */
export function linkTo(path, query = {}) {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  const parameters = new URLSearchParams(given).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${parameters && `?${parameters}`}`
}

/** Splits the fragment of a URL into its decoded path and query parameters. */
export function parseRoute(hash) {
  const [path, query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s)
  return {
    path: path.split('/').filter(Boolean).map(decode),
    query: Object.fromEntries(new URLSearchParams(query)),
  }
}

function decode(part) {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
