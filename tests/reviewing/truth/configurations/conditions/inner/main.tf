data "aws_iam_policy_document" "this" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name = substr(sha1(data.aws_iam_policy_document.this.json), 0, 8)
}
