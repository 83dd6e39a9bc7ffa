# Not applied by us: no account of Huawei Cloud was at hand. It is parsed, and each name it uses is declared.
# The servers read their secrets with temporary keys, and may do nothing else. See docs/settings.md, "On a server".
resource "huaweicloud_identity_role" "secrets" {
  name        = "${local.name}-secrets"
  description = "Reads the secrets of ${local.name}"
  type        = "XA"
  policy = jsonencode({
    Version = "1.1"
    Statement = [{
      Effect = "Allow"
      Action = ["csms:secret:getVersion", "kms:dek:decrypt"]
    }]
  })
}

resource "huaweicloud_identity_agency" "server" {
  name                   = local.name
  description            = "What the servers of ${local.name} may do"
  delegated_service_name = "op_svc_ecs"

  project_role {
    project = var.region
    roles   = [huaweicloud_identity_role.secrets.name]
  }
}
