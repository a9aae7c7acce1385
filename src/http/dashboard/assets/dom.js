// Elements. What is shown comes from strangers: it gets into the page as text, and in no other way.

const SVG = 'http://www.w3.org/2000/svg'

/** An element with attributes, listeners (`onclick`) and children. A child that is nothing is left out. */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children)

/** The same for a drawing. */
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children)

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value)
  }
  element.append(...present(children))
  return element
}

/** What is there of some children, however they are nested. */
export const present = (children) =>
  [children].flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false)

/** Puts children in the place of those that are there. */
export const put = (element, ...children) => element.replaceChildren(...present(children))

/** The same, but not while somebody has one of those that are there in hand; whether it was done. */
export function renew(element, ...children) {
  const held = element.matches(':focus-within')
  if (!held) put(element, ...children)
  return !held
}
