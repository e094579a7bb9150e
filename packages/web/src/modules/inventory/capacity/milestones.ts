/** Lines of a name and a day, the day last; null while a line is none or there is no line. */
export function readMilestones(lines: string): { name: string; dueOn: string }[] | null {
  const found: { name: string; dueOn: string }[] = []
  for (const line of lines.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const [, name, dueOn] = /^(.+?)\s+(\d{4}-\d{2}-\d{2})$/.exec(line) ?? []
    if (!name || !dueOn) return null
    found.push({ name, dueOn })
  }
  return found.length > 0 ? found : null
}
