import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { AreaPage } from './shell/AreaPage.tsx'
import { Crashed, NotFound } from './shell/Crashed.tsx'
import { Frame } from './shell/Frame.tsx'

const root = createRootRoute({ component: Outlet, errorComponent: Crashed, notFoundComponent: NotFound })
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })

type Face = Record<string, ComponentType>
const lazily = (load: () => Promise<object>, name: string) => lazyRouteComponent(load as () => Promise<Face>, name)
/** A page within the frame. Addresses are plain text on purpose: pages of modules are linked by address, as in mails and notices. */
const page = (path: string, load: () => Promise<object>, name: string) =>
  createRoute({ getParentRoute: () => frame, path, component: lazily(load, name), errorComponent: Crashed })
const bare = (path: string, load: () => Promise<object>, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazily(load, name) })
const area = (path: string) => createRoute({ getParentRoute: () => frame, path, component: AreaPage })

const home = () => import('../modules/home/index.ts')
const entrance = () => import('../modules/identity/entrance/index.ts')

const pages = [page('/', home, 'HomePage'), area('/work'), area('/cloud'), area('/plan'), area('/records'), area('/settings')]

export const createAppRouter = () =>
  createRouter({
    routeTree: root.addChildren([
      frame.addChildren(pages),
      bare('/sign-in', entrance, 'SignInPage'),
      bare('/set-up', entrance, 'SetUpPage'),
    ]),
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
  })
