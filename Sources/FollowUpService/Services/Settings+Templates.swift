internal import FollowUpCore

extension Settings {
  /// What is wrong with a text (`messages.md`), by the plans and channels that there are.
  func faults(of template: Template) -> [TemplateFault] {
    let repliesComeIn = channels.values.contains { channel in
      if case .webhook(let webhook) = channel.adapter { webhook.replies != .none } else { false }
    }
    return TemplateCheck.faults(of: template, plans: plans.values, clinic: clinic, repliesComeIn: repliesComeIn)
  }

  /// A sentence for each of the clinic's own texts that is not what a message to a patient must be.
  var warningsOfTexts: [String] {
    let shipped = Set(ConfigurationReader.builtIn.templates.all)
    return templates.all.filter { !shipped.contains($0) }.compactMap { template in
      let faults = faults(of: template)
      guard let first = faults.first else { return nil }
      let more = faults.count > 1 ? " (and \(faults.count - 1) more: see 'followupctl template check')" : ""
      return "\(template.fileName):\(first.line): \(first.key): \(first.what)\(more)"
    }
  }
}
