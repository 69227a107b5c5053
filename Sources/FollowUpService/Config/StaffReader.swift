internal import FollowUpCore

/// Reads `[roles.NAME]` and `[staff.NAME]`.
enum StaffReader {
  static func role(_ section: Section) -> Role {
    defer { section.close() }
    var role = Role()
    role.dailyCapacity = section.integer("daily_capacity", in: 1...10_000) ?? role.dailyCapacity
    role.reservePercent = percent("reserve", section) ?? role.reservePercent
    let notify = section.list("notify") { node in
      section.address(node, channel: "email", country: "").map(\.typed)
    }
    role.notify = notify ?? role.notify
    role.notifyWhen = section.choice("notify_when", Role.NotifyWhen.self) ?? role.notifyWhen
    role.digest = section.value("digest", .time) ?? role.digest
    return role
  }

  private static func percent(_ key: String, _ section: Section) -> Int? {
    guard let text = section.text(key) else { return nil }
    if text.hasSuffix("%"), let value = Int(text.dropLast()), (0...100).contains(value) { return value }
    section.report(key, "'\(text)' is no part of a hundred", "write a percentage, as in \(key) = \"20%\"")
    return nil
  }

  static func staff(_ name: String, _ section: Section, roles: Set<String>) -> Staff {
    defer { section.close() }
    var staff = Staff(title: section.filled("title", example: "\"Ana B.\"") ?? name)
    let named = section.list("roles") { role($0, section, roles) }
    staff.roles = named ?? staff.roles
    let users = section.list("users") { user($0, section) }
    staff.users = users ?? staff.users
    return staff
  }

  private static func role(_ node: TOMLNode, _ section: Section, _ roles: Set<String>) -> String? {
    guard let role = section.text(node) else { return nil }
    if roles.contains(role) { return role }
    let hint = Spelling.nearest(to: role, among: roles).map { "did you mean \"\($0)\"?" }
    section.report(node, "there is no role '\(role)'", hint ?? "write [roles.\(role)], or name one that there is")
    return nil
  }

  private static func user(_ node: TOMLNode, _ section: Section) -> String? {
    guard let user = section.text(node) else { return nil }
    if !user.isEmpty, !user.contains(where: { $0.isWhitespace || ":,/".contains($0) }) { return user }
    section.report(node, "'\(user)' is no name of a user", "write the name by which they log in")
    return nil
  }
}
