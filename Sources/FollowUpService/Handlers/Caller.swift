package import FollowUpControl
package import FollowUpCore
package import FollowUpStore
package import FollowUpSystem

/// The rows of the rights' table (`interface.md`, Control protocol).
package typealias Right = FollowUpControl.Access

/// Users and groups of this machine; a table in a test.
package struct Identities: Sendable {
  package var userName: @Sendable (UInt32) -> String?
  package var group: @Sendable (String) -> UInt32?
  /// The daemon's own user.
  package var ownUID: UInt32

  package init(
    ownUID: UInt32, userName: @escaping @Sendable (UInt32) -> String?, group: @escaping @Sendable (String) -> UInt32?
  ) {
    self.ownUID = ownUID
    self.userName = userName
    self.group = group
  }
}

/// Who makes a call, and what they may do.
package struct Caller: Sendable {
  package var peer: Peer
  /// The name of the peer's user, or its number.
  package var user: String
  package var rights: Set<Right>
  /// The groups of `[access]` that the peer is in.
  package var groups: [String]
  /// The staff names that the user may act as; an administrator may act as anyone.
  package var staff: [String]
  /// Whom the record names.
  package var actor: Actor

  package init(_ peer: Peer, settings: Settings, identities: Identities) {
    self.peer = peer
    user = identities.userName(peer.uid) ?? String(peer.uid)
    let access = settings.access
    var held: [(Right, String)] = []
    for (right, group) in [
      (Right.admin, access.adminGroup), (.staff, access.staffGroup), (.monitor, access.monitorGroup),
      (.inbound, access.inboundGroup),
    ] {
      if let gid = identities.group(group), peer.groups.contains(gid) { held.append((right, group)) }
    }
    groups = held.map(\.1)
    var rights: Set<Right> = [.anyone]
    let isOwn = peer.uid == 0 || peer.uid == identities.ownUID
    if isOwn || held.contains(where: { $0.0 == .admin }) { rights.formUnion([.admin, .staff, .monitor, .inbound]) }
    if held.contains(where: { $0.0 == .staff }) { rights.formUnion([.staff, .monitor]) }
    if held.contains(where: { $0.0 == .monitor }) { rights.insert(.monitor) }
    if held.contains(where: { $0.0 == .inbound }) { rights.insert(.inbound) }
    self.rights = rights
    let user = user
    staff = settings.staff.filter { $0.value.users.contains(user) }.keys.sorted()
    actor = Actor(uid: peer.uid, staff: settings.staffName(ofUser: user) ?? user)
  }

  /// Takes the name from `--as`, if the user may act under it.
  func acting(as name: String?, settings: Settings) throws -> Caller {
    guard let name else { return self }
    guard settings.staff[name] != nil else {
      throw ControlError(
        .notPermitted, what: "--as \(name.shown)", why: "there is no [staff.\(name.shown)] in the configuration",
        hint: Spelling.nearest(to: name, among: settings.staff.keys).map { "did you mean '\($0)'?" }
          ?? "ask the administrator to add it", field: "actingAs")
    }
    guard staff.contains(name) || rights.contains(.admin) else {
      throw ControlError(
        .notPermitted, what: "--as \(name)", why: "[staff.\(name)] does not list the user \(user)",
        hint: "ask the administrator to add \(user) to its users", field: "actingAs")
    }
    var caller = self
    caller.actor.staff = name
    return caller
  }
}

extension Settings {
  /// The group that grants a right, for a refusal to name.
  func group(granting right: Right) -> String {
    switch right {
    case .anyone: ""
    case .monitor: access.monitorGroup
    case .inbound: access.inboundGroup
    case .staff: access.staffGroup
    case .admin: access.adminGroup
    }
  }
}
