// Runs in the page and returns a list of accessibility problems: text with less contrast than WCAG
// AA requires (4.5, or 3 for large text), controls without a name, and content wider than the page.
;(() => {
  const problems = []
  const channels = (color) => color.match(/[\d.]+/g).map(Number)
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor)
      if (color.length === 3 || color[3] === 1) return color
      if (color[3] !== 0) problems.push(`translucent background: ${at.className}`)
    }
    return [255, 255, 255]
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim()
    const element = texts.currentNode.parentElement
    const isHidden = element.closest('svg, datalist, .visually-hidden, .skip-link')
    if (!text || !element.checkVisibility() || isHidden) continue
    const style = getComputedStyle(element)
    const luminances = [channels(style.color), background(element)].map(luminance)
    const [lighter, darker] = luminances.sort((a, b) => b - a)
    const contrast = (lighter + 0.05) / (darker + 0.05)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (contrast < (large ? 3 : 4.5))
      problems.push(`contrast ${contrast.toFixed(2)}: ${text.slice(0, 40)}`)
  }
  for (const field of document.querySelectorAll('input, button, a, [role="group"]')) {
    const named =
      field.textContent.trim() ||
      field.getAttribute('aria-label') ||
      field.labels?.length ||
      field.title
    const visible = field.checkVisibility() && !field.closest('[aria-hidden]')
    if (!named && visible) problems.push(`control without a name: ${field.outerHTML.slice(0, 80)}`)
  }
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth)
    problems.push(`content ${scrollWidth} px wide, page ${clientWidth} px`)
  return problems
})()
