import { expect, test } from 'vitest'
import { computed, formulas } from './formulas.domain.ts'

test('each clause is counted once, by a formula that stands on records alone', () => {
  expect(new Set(formulas.map(({ clause }) => clause)).size).toBe(formulas.length)
  expect(formulas.length).toBeGreaterThanOrEqual(10)
  for (const { due, met } of formulas) {
    for (const formula of [due, met]) {
      // the board's own figures stand in columns D and E of the sheet `check`
      expect(formula.replaceAll(/\w+!\$[A-Z]\$\d+:\$[A-Z]\$\d+/g, '')).not.toMatch(/check!|\b[DE]\$?\d/)
      expect(formula.split('(').length).toBe(formula.split(')').length)
    }
    expect(met).not.toBe(due)
  }
  for (const { formula } of Object.values(computed)) expect(formula).toMatch(/#/)
})
