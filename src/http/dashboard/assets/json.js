// A value of JSON as lines, each kind in its colour.

import { h } from './dom.js'
import { take } from './parts.js'

/** From so many characters on, colours take longer than they help. */
const LARGE = 200_000

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi

/** The value, and a button that copies it. */
export function json(value, label) {
  const text = JSON.stringify(value, null, 2)
  const shown = h(
    'pre',
    { class: 'json', tabindex: '0', role: 'region', 'aria-label': label },
    text.length > LARGE ? text : coloured(text),
  )
  return {
    shown,
    copy:
      navigator.clipboard &&
      h('button', { class: 'copy', type: 'button', onclick: (event) => take(text, event.target) }, 'copy'),
  }
}

function coloured(text) {
  const parts = []
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon] = match
    const token = string ?? whole
    parts.push(text.slice(end, match.index))
    parts.push(h('span', { class: colon ? 'key' : string ? 'text' : 'other' }, token))
    end = match.index + token.length
  }
  return [...parts, text.slice(end)]
}
