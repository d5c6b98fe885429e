/** The sites there are. */
export const siteNames = ['portal', 'explorer', 'geo'] as const

/** The name of a site. */
export type SiteName = (typeof siteNames)[number]
