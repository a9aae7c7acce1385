// Page with a list of objects, sorted by ID or filtered by a search.

import { announce } from './announce.js'
import { get } from './api.js'
import { card, empty, load } from './components.js'
import { h } from './dom.js'
import { capitalize, count } from './labels.js'
import { linkTo } from './route.js'
import { table } from './table.js'

const PAGE_SIZE = 50

/** Returns the function that builds the page. `type` has the path and the nouns of the objects, the
    columns of the table, the texts that a search matches, and the content of an empty list. */
export const objectList =
  (type) =>
  ({ query }, signal) => {
    const content = h('div')
    const parameters = { query: query.query, cursor: query.cursor, limit: PAGE_SIZE }
    load(
      content,
      signal,
      () => get([type.path], parameters, signal),
      (found) => {
        if (query.query) announce(resultCount(type, found))
        return list(type, found, query)
      },
    )
    const caption = query.query
      ? h('p', { class: 'muted' }, 'Results for “', query.query, '”')
      : h(
          'p',
          { class: 'muted' },
          `Sorted by ${type.one} ID. Press `,
          h('kbd', {}, '/'),
          ' to search.',
        )
    return h(
      'div',
      {},
      h('div', { class: 'head' }, h('h1', {}, capitalize(type.many)), caption, type.links?.()),
      card(null, content, { flush: true }),
    )
  }

function resultCount({ one, many }, { data, next_cursor: next }) {
  if (next) return `More than ${count(data.length)} ${many} found.`
  return data.length === 1 ? `1 ${one} found.` : `${count(data.length)} ${many} found.`
}

function list(type, { data, next_cursor: next }, query) {
  const pageLink = (cursor, text) =>
    h('a', { class: 'button', href: linkTo([type.path], { ...query, cursor }) }, text)
  const nextPage = next && pageLink(next, 'Next page')
  const firstPage = query.cursor && pageLink(null, 'First page')
  const pager =
    (nextPage || firstPage) &&
    h('nav', { class: 'pager', 'aria-label': 'Pagination' }, firstPage, nextPage)
  const { columns, many } = type
  return [
    data.length ? table(capitalize(many), columns, data) : noObjects(type, query, next),
    pager,
  ]
}

function noObjects({ many, matches, none }, query, next) {
  if (next) return empty(`No ${many} on this page`, 'To continue, choose “Next page”.')
  if (query.query)
    return empty(
      `No ${many} found`,
      `The search matches the beginning of ${matches}, or a full ID.`,
    )
  return none()
}
