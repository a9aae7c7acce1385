// JSON values with syntax highlighting.

import { card, copyText } from './components.js'
import { h } from './dom.js'

/** Length in characters above which highlighting is too slow. */
const MAX_HIGHLIGHTED = 200_000

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi

/** Returns a block with the value and a button that copies it. */
export function json(value, label) {
  const text = JSON.stringify(value, null, 2)
  const block = h(
    'pre',
    { class: 'json', tabindex: '0', role: 'region', 'aria-label': label },
    text.length > MAX_HIGHLIGHTED ? text : highlight(text),
  )
  const copy =
    navigator.clipboard &&
    h(
      'button',
      { class: 'copy', type: 'button', onclick: (clicked) => copyText(text, clicked.target) },
      'Copy',
    )
  return { block, copy }
}

/** Card with metadata, or null if there is none. */
export function metadataCard(title, value) {
  if (!value || !Object.keys(value).length) return null
  const { block, copy } = json(value, title)
  return card(title, block, { end: copy })
}

function highlight(text) {
  const parts = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    const [matched, string, colon] = match
    const token = string ?? matched
    parts.push(text.slice(end, match.index))
    parts.push(h('span', { class: colon ? 'key' : string ? 'string' : 'literal' }, token))
    end = match.index + token.length
  }
  return [...parts, text.slice(end)]
}
