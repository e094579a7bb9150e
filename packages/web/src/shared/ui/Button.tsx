import { Link, type LinkProps } from '@tanstack/react-router'
import type { ButtonHTMLAttributes, ReactNode } from 'react'

type Kind = 'primary' | 'danger' | 'plain' | 'link'
interface Looks {
  kind?: Kind
  size?: 'small' | 'large'
  icon?: ReactNode
  block?: boolean
}
const classOf = ({ kind, size, block }: Looks): string =>
  kind === 'link' ? 'link' : ['btn', kind, size, block && 'block'].filter(Boolean).join(' ')

/** A button is a verb. It is never disabled without a reason beside it; while `busy` a second press does nothing. */
export function Button({
  kind,
  size,
  icon,
  block,
  busy,
  children,
  onClick,
  ...rest
}: Looks & { busy?: boolean } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      className={classOf({ ...(kind && { kind }), ...(size && { size }), ...(block && { block }) })}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon}
      {children}
    </button>
  )
}

/** Looks like a button, is a link: it can be opened in a new window. */
export const ButtonLink = ({
  kind,
  size,
  icon,
  block,
  children,
  ...rest
}: Looks & { children: ReactNode } & Pick<LinkProps, 'to' | 'params' | 'search'>) => (
  <Link {...rest} className={classOf({ ...(kind && { kind }), ...(size && { size }), ...(block && { block }) })}>
    {icon}
    {children}
  </Link>
)
