/** Deeper than any form of ours. Whoever walks through an input by recursion runs out of stack some thousand levels down. */
const DEPTH_MAX = 100

/** Read as text, before anything is built from it. */
export function isTooDeep(json: string): boolean {
  let depth = 0
  let isInText = false
  for (let at = 0; at < json.length; at += 1) {
    const one = json[at]
    if (isInText) {
      if (one === '\\') at += 1
      else if (one === '"') isInText = false
    } else if (one === '"') isInText = true
    else if (one === '[' || one === '{') {
      depth += 1
      if (depth > DEPTH_MAX) return true
    } else if (one === ']' || one === '}') depth -= 1
  }
  return false
}
