// swift-tools-version: 6.1
import PackageDescription

/// Settings of every target of ours: the language of Swift 6 with the upcoming features that keep imports explicit.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "followupd",
  products: [
    .executable(name: "followupd", targets: ["followupd"]),
    .executable(name: "followupctl", targets: ["followupctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),

    .target(name: "FollowUpCore", swiftSettings: strict),
    .target(
      name: "FollowUpDigest",
      dependencies: [.product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .target(
      name: "FollowUpSystem",
      dependencies: ["FollowUpCore", "CSystemd", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),
    .target(
      name: "FollowUpStore",
      dependencies: [
        "FollowUpCore", "FollowUpDigest",
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "FollowUpDelivery",
      dependencies: ["FollowUpCore", "FollowUpDigest", "CCurl"],
      swiftSettings: strict),
    .target(
      name: "FollowUpControl",
      dependencies: [
        "FollowUpSystem",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      resources: [.embedInCode("org.followupd.varlink")],
      swiftSettings: strict),
    .target(
      name: "FollowUpService",
      dependencies: [
        "FollowUpCore", "FollowUpDigest", "FollowUpSystem", "FollowUpStore", "FollowUpDelivery", "FollowUpControl",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      // Links to config/, so that what is shipped is one set of files, in the program and beside it.
      resources: [.embedInCode("Shipped/plans.d"), .embedInCode("Shipped/templates")],
      swiftSettings: strict),
    .executableTarget(
      name: "followupd",
      dependencies: ["FollowUpService", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
    .executableTarget(
      name: "followupctl",
      dependencies: ["FollowUpControl", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),

    // No product: scripts/bench builds and runs it.
    .executableTarget(
      name: "rules-bench",
      dependencies: [
        "FollowUpCore", "FollowUpStore", "FollowUpSystem", .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      path: "Benchmarks/Rules",
      swiftSettings: strict),

    .target(name: "Support", dependencies: ["FollowUpCore"], path: "Tests/Support", swiftSettings: strict),
    .testTarget(
      name: "FollowUpCoreTests", dependencies: ["FollowUpCore", "FollowUpSystem", "Support"], swiftSettings: strict),
    .testTarget(name: "FollowUpDigestTests", dependencies: ["FollowUpDigest"], swiftSettings: strict),
    .testTarget(name: "FollowUpSystemTests", dependencies: ["FollowUpSystem", "Support"], swiftSettings: strict),
    .testTarget(
      name: "FollowUpStoreTests",
      dependencies: ["FollowUpStore", "Support", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .testTarget(name: "FollowUpDeliveryTests", dependencies: ["FollowUpDelivery", "Support"], swiftSettings: strict),
    .testTarget(
      name: "FollowUpControlTests", dependencies: ["FollowUpControl", "followupctl", "Support"], swiftSettings: strict),
    .testTarget(name: "FollowUpServiceTests", dependencies: ["FollowUpService", "Support"], swiftSettings: strict),
    .testTarget(name: "SystemTests", dependencies: ["Support"], swiftSettings: strict),
  ]
)
