// Creates DOM elements. All displayed values are untrusted, so they are inserted only as text.

const SVG = 'http://www.w3.org/2000/svg'

/** Creates an element with attributes, listeners (`onclick`) and children. */
export const h = (tag, attributes = {}, ...children) =>
  initialize(document.createElement(tag), attributes, children)

/** Creates an SVG element in the same way. */
export const svg = (tag, attributes = {}, ...children) =>
  initialize(document.createElementNS(SVG, tag), attributes, children)

function initialize(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value)
  }
  element.append(...flatten(children))
  return element
}

/** Flattens nested children and removes null, undefined and false. */
const flatten = (children) =>
  [children]
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)

/** Replaces all children of an element. */
export const setChildren = (element, ...children) => element.replaceChildren(...flatten(children))

/** Replaces all children unless one of them has the focus. Returns whether they were replaced. */
export function setChildrenUnlessFocused(element, ...children) {
  const hasFocus = element.matches(':focus-within')
  if (!hasFocus) setChildren(element, ...children)
  return !hasFocus
}
