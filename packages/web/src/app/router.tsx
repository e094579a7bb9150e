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
const request = () => import('../modules/request/index.ts')
const admission = () => import('../modules/admission/index.ts')
const provisioning = () => import('../modules/provisioning/index.ts')
const form = () => import('../modules/form/index.ts')
const processes = () => import('../modules/process/index.ts')
const entrance = () => import('../modules/identity/entrance/index.ts')

const pages = [
  page('/', home, 'HomePage'),
  page('/tasks/$taskId', processes, 'TaskPage'),
  page('/work/admissions', admission, 'AdmissionsPage'),
  page('/work/admissions/$id', admission, 'AdmissionPage'),
  page('/work/requests', request, 'RequestsPage'),
  page('/work/requests/$id', request, 'RequestPage'),
  page('/work/orders', provisioning, 'WorkOrdersPage'),
  page('/work/orders/$id', provisioning, 'WorkOrderPage'),
  page('/work/forms/$formId', form, 'FormPage'),
  area('/work'),
  area('/cloud'),
  area('/plan'),
  area('/records'),
  area('/settings'),
]

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
