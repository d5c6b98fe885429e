// Grafast reads this while it is being loaded, so it has to be said before: its development mode only adds checks of
// plugins, at a price for every request.
process.env.GRAPHILE_ENV ??= 'production'
