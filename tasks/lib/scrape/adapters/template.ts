import { ScrapeRefusal, type ScrapeRequest } from '../adapter.ts'
import { slugOf } from '../slug.ts'

/** Whether a template speaks of something. */
export function speaksOf(template: string, name: string): boolean {
  return template.includes(`{${name}}`)
}

/**
 * Writes values into a template, as parts of an address; a template without host lies under `baseUrl`.
 *
 * ScrapeRefusal `layout`: the template needs a commune and none was asked for, or is no address.
 */
export function fillTemplate(
  template: string,
  values: { request: ScrapeRequest; type?: string | undefined; page?: number },
  baseUrl: string | null,
): string {
  const { city } = values.request
  const code = city?.inseeCode ?? ''
  const known: Record<string, string | undefined> = {
    city: city?.name,
    city_slug: city ? slugOf(city.name) : undefined,
    postal_code: city?.postalCode ?? undefined,
    insee_code: city?.inseeCode,
    department: city ? code.slice(0, code.startsWith('97') ? 3 : 2) : undefined,
    type: values.type,
    page: values.page === undefined ? undefined : String(values.page),
  }
  const filled = template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = known[name]
    if (value !== undefined) return encodeURIComponent(value)
    if (name in known)
      throw new ScrapeRefusal('layout', `the source asks for {${name}}: give a commune with --city`)
    return whole
  })
  if (!URL.canParse(filled, baseUrl ?? undefined)) {
    throw new ScrapeRefusal('layout', `${filled} is no address: give the source a base_url`)
  }
  return new URL(filled, baseUrl ?? undefined).href
}
