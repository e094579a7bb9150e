import { z } from 'zod'
import { problem } from './problem.ts'

export const SheetFormat = z.enum(['xlsx', 'csv'])
export type SheetFormat = z.infer<typeof SheetFormat>

export const sheetProblems = {
  tooLong: problem('sheet.too-long', 413, {
    zh: '超过 {max} 行，请加上条件分次导出',
    en: 'More than {max} rows: add conditions and export in parts',
  }),
} as const
