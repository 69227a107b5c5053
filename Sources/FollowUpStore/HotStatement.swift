internal import GRDB
internal import GRDBSQLite

/// A statement's text that is put together of others: once, for all who use it.
final class HotText: Sendable {
  let sql: String
  init(_ sql: String) { self.sql = sql }
}

extension Transaction {
  /// A statement of the hot path. A transaction that uses it often looks it up once: SQLite's cost is not much more than that
  /// of finding a statement by a long text.
  func hot(_ sql: StaticString) throws -> HotStatement {
    try hot(UInt(bitPattern: sql.utf8Start)) { "\(sql)" }
  }

  func hot(_ text: HotText) throws -> HotStatement {
    try hot(UInt(bitPattern: ObjectIdentifier(text))) { text.sql }
  }

  private func hot(_ key: UInt, _ sql: () -> String) throws -> HotStatement {
    if let known = prepared[key] { return HotStatement(db, known) }
    let new = try db.cachedStatement(sql: sql())
    prepared[key] = new
    return HotStatement(db, new)
  }
}

/// A cached statement of the hot path, bound and read by position. GRDB's rows and argument lists cost more there than
/// SQLite itself (`performance.md`, How); everywhere else they are the better choice.
///
/// It stands for the connection's one copy of the statement: finish with it before the same text is used again.
struct HotStatement {
  private let statement: SQLiteStatement
  private let db: Database

  /// Leaves SQLite to copy what is bound: a value may be gone when the statement runs.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ db: Database, _ sql: String) throws { self.init(db, try db.cachedStatement(sql: sql)) }

  init(_ db: Database, _ prepared: Statement) {
    self.db = db
    statement = prepared.sqliteStatement
    sqlite3_reset(statement)
  }

  /// Binds all parameters, in their order.
  func bind<each Value: Bindable>(_ values: repeat each Value) throws -> HotStatement {
    var position: Int32 = 0
    func next() -> Int32 {
      position += 1
      return position
    }
    repeat try (each values).bind(to: self, at: next())
    return self
  }

  /// Runs a statement that gives no rows.
  func run() throws { while try step() {} }

  /// What `read` makes of each row.
  func rows<Value>(_ read: (Columns) throws -> Value) throws -> [Value] {
    defer { sqlite3_reset(statement) }
    var found: [Value] = []
    while try step() { found.append(try read(Columns(statement: statement))) }
    return found
  }

  /// What `read` makes of the first row; nil if there is none.
  func first<Value>(_ read: (Columns) throws -> Value?) throws -> Value? {
    defer { sqlite3_reset(statement) }
    return try step() ? try read(Columns(statement: statement)) : nil
  }

  /// True while it stands at a row.
  private func step() throws -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(statement)
      return false
    case let code:
      let message = db.lastErrorMessage
      sqlite3_reset(statement)
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
  }

  fileprivate func bind(_ value: Int64, at position: Int32) throws {
    try check(sqlite3_bind_int64(statement, position, value))
  }

  fileprivate func bind(_ value: String, at position: Int32) throws {
    var value = value
    try check(
      value.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          sqlite3_bind_text(statement, position, $0.baseAddress, Int32($0.count), Self.copied)
        }
      })
  }

  fileprivate func bind(_ value: [UInt8], at position: Int32) throws {
    // An empty array may have no address, which would bind NULL.
    if value.isEmpty { return try check(sqlite3_bind_zeroblob(statement, position, 0)) }
    try check(
      value.withUnsafeBytes { bytes in
        sqlite3_bind_blob(statement, position, bytes.baseAddress, Int32(bytes.count), Self.copied)
      })
  }

  fileprivate func bindNull(at position: Int32) throws { try check(sqlite3_bind_null(statement, position)) }

  private func check(_ code: Int32) throws {
    guard code == SQLITE_OK else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }
  }

  /// What can stand for a parameter.
  protocol Bindable {
    func bind(to statement: HotStatement, at position: Int32) throws
  }

  /// The row that a statement stands at, by position; what is NULL reads as 0 or empty where no optional is asked for.
  struct Columns {
    fileprivate let statement: SQLiteStatement

    subscript(position: Int32) -> Int64 { sqlite3_column_int64(statement, position) }
    subscript(position: Int32) -> Int { Int(sqlite3_column_int64(statement, position)) }
    subscript(position: Int32) -> Bool { sqlite3_column_int64(statement, position) != 0 }
    subscript(position: Int32) -> String {
      guard let bytes = sqlite3_column_text(statement, position) else { return "" }
      let count = Int(sqlite3_column_bytes(statement, position))
      return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
    subscript(position: Int32) -> Int64? { isNull(position) ? nil : .some(self[position]) }
    subscript(position: Int32) -> Int? { isNull(position) ? nil : .some(self[position]) }
    subscript(position: Int32) -> String? { isNull(position) ? nil : .some(self[position]) }

    private func isNull(_ position: Int32) -> Bool { sqlite3_column_type(statement, position) == SQLITE_NULL }
  }
}

extension Int64: HotStatement.Bindable {
  func bind(to statement: HotStatement, at position: Int32) throws { try statement.bind(self, at: position) }
}

extension Int: HotStatement.Bindable {
  func bind(to statement: HotStatement, at position: Int32) throws { try statement.bind(Int64(self), at: position) }
}

extension String: HotStatement.Bindable {
  func bind(to statement: HotStatement, at position: Int32) throws { try statement.bind(self, at: position) }
}

extension [UInt8]: HotStatement.Bindable {
  func bind(to statement: HotStatement, at position: Int32) throws { try statement.bind(self, at: position) }
}

extension Optional: HotStatement.Bindable where Wrapped: HotStatement.Bindable {
  func bind(to statement: HotStatement, at position: Int32) throws {
    if let self { try self.bind(to: statement, at: position) } else { try statement.bindNull(at: position) }
  }
}
