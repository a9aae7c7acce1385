// Looking at an event once more, after an upgrade or a change of the settings.

import { post } from './api.js'
import { h, put } from './dom.js'
import { badge, trouble } from './parts.js'
import { count } from './words.js'

/** A button that has one event looked at again, and says what became of it. */
export function reprocess(event, done = () => {}) {
  const place = h('span', { role: 'status' })
  const button = h('button', { class: 'small', type: 'button', onclick: work }, 'Reprocess')
  async function work() {
    button.disabled = true
    put(place)
    try {
      const answer = await post(['events', event.id, 'reprocess'])
      put(place, answer.changed ? ['now ', badge(answer.decision)] : ['still ', badge(answer.decision)])
      button.hidden = answer.changed
      if (answer.changed) done(answer)
    } catch (refusal) {
      put(place, h('span', {}, refusal.message))
    }
    button.disabled = false
  }
  return h('span', { class: 'again' }, place, ' ', button)
}

/** A button that has everything with one decision looked at again, page by page. */
export function reprocessAll(decision, done) {
  const place = h('div', { role: 'status' })
  const button = h('button', { type: 'button', onclick: work }, `Reprocess all ${decision}`)
  async function work() {
    button.disabled = true
    let [looked, changed, cursor] = [0, 0, null]
    try {
      do {
        const page = await post(['events', 'reprocess'], { decision, limit: 100, cursor })
        looked += page.data.length
        changed += page.data.filter((event) => event.changed).length
        cursor = page.next_cursor
        put(place, `${count(looked)} looked at again, ${count(changed)} changed${cursor ? ' …' : '.'}`)
      } while (cursor && button.isConnected)
      if (changed) done()
    } catch (refusal) {
      put(place, trouble(refusal))
    }
    button.disabled = false
  }
  return [place, button]
}
