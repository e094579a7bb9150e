import type { ThemeConfig } from 'antd'
import data from './theme.json'

/** The nonce the server writes into the page for the styles made at run time; empty under the development server. */
export const styleNonce = (): string => {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
  return nonce.startsWith('__') ? '' : nonce
}

export const antdTheme: ThemeConfig = {
  token: data.antd.light.token,
  components: data.antd.light.components,
  cssVar: { key: 'changbai' },
  hashed: false,
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The palette as CSS variables: `lakeBg` -> `--lake-bg`. Set on the root element by script, which the page's policy allows without a style sheet. */
export function applyPalette(): void {
  const { style } = document.documentElement
  for (const [name, value] of Object.entries(data.palette.light)) style.setProperty(`--${kebab(name)}`, value)
  for (const [name, value] of Object.entries(data.fonts)) style.setProperty(`--font-${name}`, value)
}
