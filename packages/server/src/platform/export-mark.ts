/** What stands in every file that leaves: who took it, when, and the number under which the audit administrator finds it. */
export interface ExportMark {
  number: string
  byName: string
  at: Temporal.Instant
}

export const markWords = ({ number, byName, at }: ExportMark): string => {
  const wall = at.toZonedDateTimeISO('Asia/Shanghai').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
  return `${byName} 于 ${wall} 导出 编号 ${number}`
}
