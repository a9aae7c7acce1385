// Where one is: the part of the address behind `#`, so that no view needs a page of its own.

/** The address of a view: `to(['users', id])`, `to(['events'], { decision: 'failed' })`. */
export function to(path, query = {}) {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  const behind = new URLSearchParams(given).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${behind && `?${behind}`}`
}

/** The view that an address names. */
export function parse(hash) {
  const [path, query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s)
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  }
}

function decoded(part) {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
