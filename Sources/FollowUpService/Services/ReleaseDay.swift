internal import FollowUpCore

/// 2026-11-01T00:00:00Z, the day of this release: no believable clock shows an earlier one (R6). Moves with the version.
let releaseDay = Instant(1_793_491_200)
